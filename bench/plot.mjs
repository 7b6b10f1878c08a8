/** Draws `bench/closes.svg` from the figures of `npm run bench -- --json bench/results.json`. It reads well on light and on dark. */
import { readFileSync, writeFileSync } from 'node:fs';

const fileOf = (name) => new URL(name, import.meta.url);
const { scenarios, node, signMs, rounds } = JSON.parse(readFileSync(process.argv[2] ?? fileOf('results.json'), 'utf8'));
const SHOWN = ['v3, 64 in flight', 'v3 over TLS, 64 in flight', 'v2, 16 in flight'];
const COLOURS = {
  'nestjs-wechatpay': '#07a35a',
  floor: '#8a8f98',
  'wechatpay-axios-plugin': '#3b82c4',
  'wechatpay-node-v3': '#c2703d',
};
const LABEL = 190;
const WIDTH = 720;
const BAR = 18;
const ROOM = WIDTH - LABEL - 70;

const parts = [];
let y = 28;
const text = (x, at, words, more = '') => parts.push(`<text x="${x}" y="${at}" ${more}>${words}</text>`);
text(0, y - 8, 'Processor time of one close, in milliseconds; less is better', 'font-weight="600"');
for (const name of SHOWN) {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) continue;
  const most = Math.max(...Object.values(scenario.clients).map(({ cpuMs }) => cpuMs));
  y += 22;
  text(0, y, name, 'font-weight="600"');
  y += 8;
  for (const [client, { cpuMs }] of Object.entries(scenario.clients)) {
    const width = (cpuMs / most) * ROOM;
    text(LABEL - 8, y + 13, client, 'text-anchor="end"');
    parts.push(
      `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 3}" rx="2" fill="${COLOURS[client]}"/>`,
    );
    text((LABEL + width + 6).toFixed(1), y + 13, cpuMs.toFixed(3));
    y += BAR;
  }
}
y += 22;
text(
  0,
  y,
  `Node ${node}, medians of ${rounds} rounds; one RSA signature takes ${signMs.toFixed(3)} ms on this machine. The floor has no framework and no checks.`,
  'font-size="11"',
);
const height = y + 12;
const style = 'text{font:13px system-ui,sans-serif;fill:#1f2328}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}';
writeFileSync(
  fileOf('closes.svg'),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Processor time of one close">\n<style>${style}</style>\n${parts.join('\n')}\n</svg>\n`,
);
