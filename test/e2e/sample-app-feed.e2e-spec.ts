import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { createApp } from '../../sample-app/src/create-app.js';
import { readSettings } from '../../sample-app/src/settings.js';
import { OrderFeed } from '../../sample-app/src/shop/order-feed.js';
import { eventually } from '../auto-close/eventually.js';

interface View {
  readonly id: string;
  readonly book: { readonly state: string };
  readonly fault?: string;
  readonly closes: readonly { readonly path: string; readonly body: unknown }[];
  readonly timeline: readonly { readonly kind: string; readonly outcome?: string; readonly confirmedBy?: string }[];
}

let app: NestExpressApplication;
let url: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-app-feed-'));
  app = await createApp(readSettings({ CLOSE_STORE: join(folder, 'closes.db') }));
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(() => rm(folder, { recursive: true }));

const feed = () => app.get(OrderFeed, { strict: false });

async function send<T>(method: string, path: string, body: unknown = {}): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  return (await response.json()) as T;
}

/** Listens as a page does, and keeps what it hears. */
function listen() {
  const end = new AbortController();
  const heard: string[] = [];
  const over = (async () => {
    const response = await fetch(`${url}/shop/events`, { signal: end.signal });
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) heard.push(part);
  })().catch(() => {});
  const views = () =>
    heard
      .join('')
      .split('\n\n')
      .filter((message) => message.includes('event: order'))
      .map((message) => JSON.parse(/^data: (.*)$/m.exec(message)?.[1] ?? 'null') as View);
  return { text: () => heard.join(''), views, leave: () => end.abort(), over };
}

it('tells each page of an order, as it changes', async () => {
  const page = listen();
  await eventually(() => page.text().includes('event: hello'));
  const { id } = await send<View>('POST', '/shop/orders', { kind: 'basic' });
  await send('PUT', `/shop/orders/${id}/fault`, { fault: 'lostReply' });
  await eventually(() => page.views().at(-1)?.fault === 'lostReply');
  const { path, body } = page.views().at(-1)!.closes[0]!;
  await send('POST', path, body);
  await eventually(() => page.views().at(-1)?.book.state === 'CLOSED');
  const last = page.views().at(-1)!;
  expect(last.fault).toBeUndefined();
  expect(last.timeline.find(({ kind }) => kind === 'outcome')).toMatchObject({
    outcome: 'closed',
    confirmedBy: 'query',
  });
  page.leave();
});

it('lets go of pages that went away', async () => {
  await eventually(() => feed().listeners === 0);
  const pages = [1, 2, 3].map(() => listen());
  await eventually(() => feed().listeners === 3);
  for (const page of pages) page.leave();
  await eventually(() => feed().listeners === 0);
});

it('ends the pages that listen when the application does', async () => {
  const page = listen();
  await eventually(() => feed().listeners === 1);
  await app.close();
  await page.over;
  expect(page.text()).toContain('event: hello');
});
