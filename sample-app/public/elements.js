/**
 * Makes an element. Texts become text nodes, never HTML, so nothing that an order or an answer says can become markup.
 *
 * @param {string} tag
 * @param {Record<string, string | boolean | EventListener>} [attributes] `onclick` and the like take a function
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean') made.toggleAttribute(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * The element of the page with this id.
 *
 * @param {string} id
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * Chinese words.
 *
 * @param {string} text
 */
export function chinese(text) {
  return element('span', { lang: 'zh' }, text);
}

/**
 * A state as a small chip.
 *
 * @param {{ name: string, chinese: string, tone: string }} state
 */
export function chip(state) {
  return element('span', { class: `chip ${state.tone}` }, state.name, ' ', chinese(state.chinese));
}
