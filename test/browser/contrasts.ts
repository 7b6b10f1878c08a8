/**
 * Runs in the page: how well each text on it can be read, and whether the page is dark.
 *
 * @returns the contrast of each text that can be seen with what is behind it, as WCAG reckons it
 */
export function contrasts(): { dark: boolean; words: { text: string; ratio: number }[] } {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element: Element): string => {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if ((channels(backgroundColor)[3] ?? 1) === 1) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const isShown = (element: HTMLElement) =>
    element.offsetHeight > 0 && element.closest('.unseen, :disabled') === null && element.closest('body') !== null;
  const texts = [...document.querySelectorAll<HTMLElement>('body *')].filter(
    (element) =>
      isShown(element) &&
      [...element.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim()),
  );
  const words = texts.map((element) => {
    const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return { text: element.textContent ?? '', ratio: Math.round(ratio * 100) / 100 };
  });
  return { dark: luminance(behind(document.body)) < 0.2, words };
}
