/** Closes due orders in a process of its own, and tells its parent ten times a second what it did. */
import { openApp } from './app.mjs';

/** What happened since the parent was told last. */
let news = { started: [], recorded: [], handled: [] };
let app;

class Handler {
  onSettled({ order, state }) {
    news.handled.push({ number: order.out_trade_no, state });
  }
}

process.once('message', (settings) => void start(settings));
process.send('ready');

async function start({ concurrency, ...settings }) {
  const observer = {
    started: ({ lateMs }) => news.started.push({ lateMs, at: Date.now() }),
    settled: ({ settlement: { order, state }, lateMs }) =>
      news.recorded.push({ number: order.out_trade_no, state, lateMs, at: Date.now() }),
  };
  app = await openApp(settings, { concurrency, observer, settlementHandler: Handler });
  const telling = setInterval(tell, 100);
  process.on('message', () => void stop(telling));
  process.send({ rss: process.memoryUsage().rss });
}

async function stop(telling) {
  clearInterval(telling);
  await app.close();
  tell();
  process.disconnect();
}

function tell() {
  process.send(news);
  news = { started: [], recorded: [], handled: [] };
}
