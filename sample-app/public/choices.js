import { chinese, element } from './elements.js';

/**
 * Radio buttons that look like chips.
 *
 * @param {HTMLElement} place where they go
 * @param {string} group their common name
 * @param {Record<string, { name: string, chinese?: string }>} options by their values
 * @param {string} chosen the value of the one that is chosen
 * @param {(value: string) => void} choose called when another one is
 */
export function showChoices(place, group, options, chosen, choose) {
  place.replaceChildren(
    ...Object.entries(options).map(([value, words]) =>
      element(
        'label',
        { class: 'choice' },
        element('input', {
          type: 'radio',
          name: group,
          value,
          checked: value === chosen,
          onchange: () => choose(value),
        }),
        element('span', {}, words.name, ...(words.chinese === undefined ? [] : [' ', chinese(words.chinese)])),
      ),
    ),
  );
}

/**
 * Checks another one, without calling anybody.
 *
 * @param {HTMLElement} place
 * @param {string} value
 */
export function check(place, value) {
  for (const input of place.querySelectorAll('input')) input.checked = input.value === value;
}
