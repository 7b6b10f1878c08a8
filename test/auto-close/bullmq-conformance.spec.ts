import { expect, it, jest } from '@jest/globals';

import { bullmqHarness } from './bullmq-harness.js';
import { describeCloseScheduler } from './conformance.js';
import { realStores } from './real-stores.js';

jest.setTimeout(60_000);

const stores = await realStores();
for (const store of stores) describeCloseScheduler(`BullMQ on ${store.name}`, () => bullmqHarness(store));

if (stores.length === 0) {
  it('may be left without a server', () => {
    expect(process.env['REQUIRE_STORES']).not.toBe('1');
  });
}
