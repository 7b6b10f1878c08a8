import { element } from './elements.js';
import { OUTCOMES } from './words.js';

/**
 * What a close came to: what the library concluded, what it sent, what WeChat Pay answered.
 *
 * @param close - the route's path, its answer, and what the emulator saw meanwhile
 */
export function closeResult({ path, answer, exchanges }) {
  return element(
    'section',
    { class: 'result', 'aria-labelledby': 'result-title' },
    element('h3', { id: 'result-title', tabindex: '-1' }, 'What came of it'),
    verdict(answer),
    step(
      isOfLibrary(answer.body) ? 'The library concluded' : 'The route refused the body',
      `HTTP ${answer.status} from ${path}`,
      [block(pretty(answer.body))],
    ),
    ...(exchanges.length === 0
      ? [element('p', { class: 'hint' }, 'No request went to WeChat Pay.')]
      : exchanges.flatMap((request) => exchange(request, answer.body))),
  );
}

function verdict({ body }) {
  const { name, tone, message } = judged(body);
  const code = body.state ?? (body.outcome && `outcome ${body.outcome}`);
  return element(
    'div',
    { class: `verdict ${tone}` },
    element('strong', {}, name),
    ...(code === undefined ? [] : [' ', element('code', {}, code)]),
    element('p', {}, message),
  );
}

function isOfLibrary(body) {
  return body.state !== undefined || body.outcome !== undefined;
}

function judged(body) {
  if (body.state === 'CLOSED') {
    const message = body.alreadyClosed
      ? 'WeChat Pay says that it had been closed before. Its signature proves it.'
      : 'Nobody can pay it any more. WeChat Pay’s signature proves it.';
    return { name: 'Closed 已关闭', tone: 'good', message };
  }
  const known = OUTCOMES[body.outcome];
  if (known !== undefined) return { ...known, message: body.detail };
  // Nest refused the body before the library was called.
  return { ...OUTCOMES.not_sent, message: [body.message].flat().join('; ') };
}

function exchange(request, concluded) {
  const { reply } = request;
  return [
    step('Sent to WeChat Pay', `${request.method} ${request.url}`, [
      signatureNote(request),
      headers(request.headers),
      payload(request.body),
    ]),
    reply === undefined
      ? element('p', { class: 'hint' }, 'WeChat Pay did not answer.')
      : step('WeChat Pay answered', `HTTP ${reply.status}`, [
          ...replyNote(concluded),
          headers(reply.headers),
          payload(reply.body),
        ]),
  ];
}

function signatureNote({ verdict: found, refusal }) {
  const notes = {
    verified: ['good', '✓ WeChat Pay verified the signature of this request.'],
    refused: ['bad', `✗ WeChat Pay refused the signature: ${refusal}`],
    unchecked: ['doubt', 'WeChat Pay turned the request away before it looked at the signature.'],
  };
  const [tone, text] = notes[found];
  return element('p', { class: `note ${tone}` }, text);
}

function replyNote({ state, authenticated }) {
  if (state === 'CLOSED' || authenticated === true) {
    return [element('p', { class: 'note good' }, '✓ The library verified the signature of this answer.')];
  }
  return [element('p', { class: 'note doubt' }, 'Nothing proves this answer, so the library believed none of it.')];
}

function step(title, line, content) {
  return element(
    'details',
    { class: 'step', open: true },
    element('summary', {}, element('span', { class: 'title' }, title), ' ', element('code', {}, line)),
    ...content,
  );
}

function headers(pairs) {
  return element(
    'dl',
    { class: 'headers' },
    ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

function payload(text) {
  return text === '' ? element('p', { class: 'hint' }, 'No body') : block(readable(text));
}

function block(text) {
  return element('pre', { tabindex: '0' }, text);
}

/** Line breaks for the eye; the signature is over the bytes as they were sent. */
function readable(text) {
  if (text.startsWith('<')) return text.replaceAll(/(<xml>|<\/\w+>)(?=<)/g, '$1\n');
  try {
    return pretty(JSON.parse(text));
  } catch {
    return text;
  }
}

function pretty(value) {
  return JSON.stringify(value, null, 2);
}
