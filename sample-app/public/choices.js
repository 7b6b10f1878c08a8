import { chinese, element } from './elements.js';

/**
 * Radio buttons that look like chips.
 *
 * @param {HTMLElement} place where they go
 * @param {string} group their common name
 * @param {Array<{ value: string, name: string, chinese?: string }>} options
 * @param {string} chosen the value of the one that is chosen
 * @param {(value: string) => void} choose called when another one is
 */
export function showChoices(place, group, options, chosen, choose) {
  place.replaceChildren(
    ...options.map((option) =>
      element(
        'label',
        { class: 'choice' },
        element('input', {
          type: 'radio',
          name: group,
          value: option.value,
          checked: option.value === chosen,
          onchange: () => choose(option.value),
        }),
        element('span', {}, option.name, ...(option.chinese === undefined ? [] : [' ', chinese(option.chinese)])),
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
