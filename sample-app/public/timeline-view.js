import { chinese, element } from './elements.js';
import { exchange } from './exchange-view.js';
import { timeOf } from './formats.js';
import { lineOf } from './timeline-words.js';

/**
 * Shows what happened, oldest first. A line that did not change stays as it is: it may be open, or have the focus.
 *
 * @param {HTMLElement} list
 * @param {Array<{ key: string, at: number }>} entries
 */
export function showTimeline(list, entries) {
  const lines = new Map([...list.children].map((line) => [line.dataset.key, line]));
  entries.forEach((entry, index) => {
    const text = JSON.stringify(entry);
    const before = lines.get(entry.key);
    lines.delete(entry.key);
    const line = before?.dataset.entry === text ? before : made(entry, text);
    if (before !== undefined && before !== line) before.replaceWith(line);
    if (list.children[index] !== line) list.insertBefore(line, list.children[index] ?? null);
  });
  for (const line of lines.values()) line.remove();
}

function made(entry, text) {
  const { who, title, chinese: words, tone, note, code, proofs = [], isEnd = false } = lineOf(entry);
  return element(
    'li',
    { class: `line ${tone}${isEnd ? ' end' : ''}`, 'data-key': entry.key, 'data-entry': text, 'data-kind': entry.kind },
    element('time', { datetime: new Date(entry.at).toISOString() }, timeOf(entry.at)),
    element(
      'div',
      { class: 'what' },
      element('p', { class: 'head' }, element('strong', {}, title), ' ', chinese(words)),
      element('p', { class: 'who' }, who),
      ...(code === undefined ? [] : [element('code', { class: 'target' }, code)]),
      ...(note === undefined ? [] : [element('p', { class: 'note' }, note)]),
      ...(proofs.length === 0
        ? []
        : [element('p', { class: 'proofs' }, ...proofs.flatMap((proof) => [tag(proof), ' ']))]),
      ...(entry.request === undefined ? [] : [exchange(entry.request)]),
    ),
  );
}

function tag({ tone, text }) {
  return element('span', { class: `chip ${tone}` }, text);
}
