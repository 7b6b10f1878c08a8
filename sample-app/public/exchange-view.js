import { element } from './elements.js';
import { readRequest } from './shop-client.js';

/**
 * What was sent and answered, to the byte. It is fetched when somebody wants to see it.
 *
 * @param {number} id of the request at the emulator
 */
export function exchange(id) {
  const content = element('div', { class: 'exchange' });
  const details = element('details', { class: 'aside' }, element('summary', {}, 'What was sent and answered'), content);
  details.addEventListener('toggle', () => {
    if (details.open && content.childElementCount === 0) void fill(content, id);
  });
  return details;
}

async function fill(content, id) {
  try {
    content.replaceChildren(...messages(await readRequest(id)));
  } catch (error) {
    content.replaceChildren(element('p', { class: 'hint' }, error.message));
  }
}

function messages({ method, url, headers, body, verdict, refusal, reply }) {
  return [
    message(`${method} ${url}`, headers, body),
    element('p', { class: 'hint' }, signatureNote(verdict, refusal)),
    reply === undefined
      ? element('p', { class: 'hint' }, 'No whole answer left WeChat Pay.')
      : message(`HTTP ${reply.status}`, reply.headers, reply.body),
  ];
}

function signatureNote(verdict, refusal) {
  if (verdict === 'verified') return 'WeChat Pay verified the signature of this request.';
  if (verdict === 'refused') return `WeChat Pay refused the signature: ${refusal}`;
  return 'WeChat Pay did not get as far as the signature.';
}

function message(first, headers, body) {
  const head = [first, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  const text = body === '' ? head : `${head}\n\n${readable(body)}`;
  return element('pre', { tabindex: '0', 'aria-label': first }, text);
}

/** Line breaks for the eye; the signature is over the bytes as they were sent. */
function readable(text) {
  if (text.startsWith('<')) return text.replaceAll(/(<xml>|<\/\w+>)(?=<)/g, '$1\n');
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
