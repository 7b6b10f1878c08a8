import { it, jest } from '@jest/globals';

import { bullmqHarness } from './bullmq-harness.js';
import { describeCloseScheduler } from './conformance.js';
import { realStores } from './real-stores.js';

jest.setTimeout(30_000);

const stores = await realStores();
for (const store of stores) describeCloseScheduler(`BullMQ on ${store.name}`, () => bullmqHarness(store));
if (stores.length === 0) it.todo('is held to the rules on Redis and PostgreSQL, where they run');
