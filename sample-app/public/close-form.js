import { element } from './elements.js';

/**
 * The form that closes an order: which variant, and the body that is sent to its route. The body may be edited, to see
 * what a wrong one comes to.
 *
 * @param order - with the routes that close it
 * @param last - the close before, whose path and body the form keeps
 * @param close - called with the route's path and the body
 */
export function closeForm(order, last, close) {
  const body = element('textarea', { id: 'body', rows: '4', spellcheck: 'false', autocomplete: 'off' });
  const fill = (text) => {
    body.value = text;
    body.rows = Math.min(16, text.split('\n').length);
  };
  const chosen = order.closes.find(({ path }) => path === last?.path) ?? order.closes[0];
  fill(last?.body ?? textOf(chosen));

  const form = element(
    'form',
    { class: 'close' },
    element('h3', {}, 'Close it ', element('span', { lang: 'zh' }, '关闭订单')),
    element(
      'fieldset',
      {},
      element('legend', {}, 'Variant'),
      ...order.closes.map((choice) => option(choice, choice === chosen, () => fill(textOf(choice)))),
    ),
    element('label', { for: 'body' }, 'Body'),
    body,
    element('button', { class: 'primary', type: 'submit' }, 'Close the order'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    close(new FormData(form).get('path'), body.value);
  });
  return form;
}

function option({ variant, path }, checked, choose) {
  return element(
    'label',
    { class: 'option' },
    element('input', { type: 'radio', name: 'path', value: path, checked, onchange: choose }),
    element('span', { class: 'variant' }, variant),
    element('code', {}, `POST ${path}`),
  );
}

function textOf(choice) {
  return JSON.stringify(choice.body, null, 2);
}
