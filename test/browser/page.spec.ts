import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { Browser } from 'playwright-core';

import { hasChromium, startChromium } from './chromium.mjs';
import { OrderFeed } from '../../sample-app/src/shop/order-feed.js';
import { contrasts } from './contrasts.js';
import { type RunningShop, ShopPage, startShop } from './shop-page.js';

const withChromium = hasChromium() ? describe : describe.skip;

withChromium('the page', () => {
  let browser: Browser;
  let running: RunningShop;
  let shop: ShopPage;

  beforeAll(async () => {
    [browser, running] = await Promise.all([startChromium(), startShop()]);
    shop = await ShopPage.open(browser, running.url);
  });
  afterAll(async () => {
    expect(await shop.leave()).toEqual([]);
    await browser.close();
    await running.stop();
  });

  it('shows an order that is closed by the signed reply, and no countdown any more', async () => {
    await shop.place();
    await shop.page
      .getByText(/^Closes itself in \d+ s$/)
      .first()
      .waitFor();
    await shop.press('Close the order');
    await shop.verdict('Proven by the signed reply');
    await shop.line('✓ Signature verified');
    await shop.state('At WeChat Pay', 'Closed');
    await shop.state('In the shop’s book', 'Closed');
    await shop.page.locator('#due').waitFor({ state: 'hidden' });
    const number = await shop.page.locator('#order-title').textContent();
    expect(
      await shop.page
        .locator('li', { hasText: number ?? '' })
        .first()
        .textContent(),
    ).not.toContain('Closes itself');
    expect(await shop.lines()).toEqual([
      'Order placed',
      'Closes by hand, direct',
      'Close sent',
      'The order is closed there',
      'Closed',
    ]);
  });

  it.each([
    ['Basic', ['direct', 'v2']],
    ['Partner', ['partner', 'v2']],
    ['Combined', ['combine']],
    ['Repayment', ['repayment']],
    ['Overseas', ['globalByOutTradeNo', 'globalById', 'hkByOutTradeNo', 'hkById']],
  ])('closes an order of the kind %s by each of its variants', async (kind, variants) => {
    for (const variant of variants) {
      await shop.place(kind);
      await shop.choose(`${variant}$`);
      await shop.press('Close the order');
      await shop.verdict('Proven by the signed reply');
      await shop.state('In the shop’s book', 'Closed');
    }
  });

  it.each(['direct', 'v2'])('confirms by a query what a lost reply leaves open: %s', async (variant) => {
    await shop.place();
    await shop.choose(`${variant}$`);
    await shop.arm('Lost reply');
    await shop.press('Close the order');
    await shop.verdict('Confirmed by a signed query');
    await shop.line('No answer: reset');
    await shop.line('Asks what became of it');
    await shop.state('In the shop’s book', 'Closed');
  });

  it.each(['direct', 'v2'])('does not believe a forged reply, and settles later: %s', async (variant) => {
    await shop.place();
    await shop.choose(`${variant}$`);
    await shop.arm('Forged reply');
    await shop.press('Close the order');
    await shop.verdict('Unknown: nothing is proven');
    await shop.line('✗ Not believed: signature');
    await shop.state('At WeChat Pay', 'Unpaid');
    await shop.state('In the shop’s book', 'Pending');
    await shop.press('Close itself now');
    await shop.line('Its handler was told: closed');
    await shop.state('At WeChat Pay', 'Closed');
    await shop.state('In the shop’s book', 'Closed');
  });

  it('tries again after an error of WeChat Pay', async () => {
    await shop.place();
    await shop.arm('Error 500');
    await shop.press('Close the order');
    await shop.line('HTTP 500 SYSTEM_ERROR');
    await shop.verdict('Proven by the signed reply');
    expect((await shop.lines()).filter((line) => line === 'Close sent')).toHaveLength(3);
  });

  it('says that an order is paid that was to be closed', async () => {
    await shop.place();
    await shop.press('Pay ');
    await shop.line('Hears of the payment');
    await shop.verdict('WeChat Pay’s signed notification');
    await shop.press('Close the order');
    await shop.verdict('Not closed: paid');
    await shop.state('In the shop’s book', 'Paid');
  });

  it('says that it was paid in the very moment', async () => {
    await shop.place();
    await shop.arm('Paid just before');
    await shop.press('Close the order');
    await shop.verdict('Not closed: paid');
    await shop.line('Hears of the payment');
    await shop.state('In the shop’s book', 'Paid');
  });

  it('counts down, and shows the order closing itself', async () => {
    await shop.place('Basic', 2);
    await shop.page.locator('#countdown', { hasText: /^Closes itself in [12] s$/ }).waitFor();
    await shop.line('Time is up: closes itself');
    await shop.line('Its handler was told: closed');
    await shop.state('In the shop’s book', 'Closed');
    await shop.page.locator('#due').waitFor({ state: 'hidden' });
  });

  it('flags a ghost payment', async () => {
    await shop.place();
    await shop.page.getByText('Make a ghost payment').click();
    await shop.press('Close in the book alone');
    await shop.state('In the shop’s book', 'Closed');
    await shop.press('Pay ');
    await shop.verdict('Ghost payment');
    await shop.state('In the shop’s book', 'Ghost payment');
    await shop.page.locator('#orders .chip', { hasText: 'Ghost payment' }).waitFor();
  });

  it('shows what was sent and answered, to the byte', async () => {
    await shop.place();
    await shop.press('Close the order');
    await shop.verdict('Proven by the signed reply');
    await shop.page.getByText('What was sent and answered').click();
    await shop.page.locator('pre', { hasText: 'Authorization: WECHATPAY2-SHA256-RSA2048' }).waitFor();
    await shop.page.locator('pre', { hasText: 'Wechatpay-Signature:' }).waitFor();
  });

  it('shows nothing that a text says as markup', async () => {
    await shop.place();
    await shop.page.getByText(/^Body of/).click();
    await shop.page.getByLabel('Body, as JSON').fill('{ "out_trade_no": "<img src=x onerror=alert(1)>" }');
    await shop.press('Close the order');
    await shop.page.locator('#message.bad', { hasText: 'out_trade_no' }).waitFor();
    expect(await shop.page.locator('img[src="x"]').count()).toBe(0);
  });

  it('shows what happens elsewhere, and what it missed while it was not connected', async () => {
    const other = await ShopPage.open(browser, running.url);
    const number = await other.place();
    const row = shop.page.locator('#orders li', { hasText: number });
    await row.locator('.chip', { hasText: 'Unpaid' }).waitFor();
    running.app.get(OrderFeed, { strict: false }).cut();
    running.app.get(WechatPayEmulator, { strict: false }).pay(number);
    await row.locator('.chip', { hasText: 'Paid' }).waitFor();
    await other.state('In the shop’s book', 'Paid');
    expect(await other.leave()).toEqual([]);
  });

  it('can be used by keyboard alone', async () => {
    const { page } = shop;
    const tabTo = async (id: string) => {
      await page.waitForFunction((wanted) => !document.querySelector<HTMLButtonElement>(`#${wanted}`)?.disabled, id);
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
      }
      throw new Error(`the keyboard does not reach ${id}`);
    };
    const number = await page.locator('#order-title').textContent();
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.keyboard.press('Tab');
    await tabTo('after');
    await page.keyboard.press('Enter');
    await page.waitForFunction((old) => {
      const title = document.querySelector('#order-title');
      return title?.textContent !== '' && title?.textContent !== old && document.activeElement === title;
    }, number);
    await tabTo('close-button');
    await page.keyboard.press('Space');
    await shop.verdict('Proven by the signed reply');
    // The focus stays where it was, and the end is said aloud.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('close-button');
    await page.locator('[role="status"]', { hasText: 'Closed. Proven by the signed reply' }).waitFor();
  });

  it('shows what to do where there is no order yet', async () => {
    const empty = await startShop();
    const first = await ShopPage.open(browser, empty.url);
    await first.page.getByText('None yet: place one').waitFor();
    await first.page.getByText('Place an order, pay it or wait, close it').waitFor();
    expect(await first.leave()).toEqual([]);
    await empty.stop();
  });

  it('fits a phone that is 360 pixels wide', async () => {
    const phone = await ShopPage.open(browser, running.url, { viewport: { width: 360, height: 740 }, hasTouch: true });
    await phone.place('Overseas');
    await phone.choose('hkById');
    await phone.arm('Lost reply');
    await phone.press('Close the order');
    await phone.verdict('Confirmed by a signed query');
    await phone.page.getByText('What was sent and answered').first().click();
    await phone.page.locator('pre').first().waitFor();
    const [wide, tall] = await phone.page.evaluate(() => [
      document.documentElement.scrollWidth,
      [...document.querySelectorAll<HTMLElement>('button, .choice')]
        .filter(({ offsetHeight }) => offsetHeight > 0)
        .every(({ offsetHeight }) => offsetHeight >= 44),
    ]);
    expect(wide).toBe(360);
    expect(tall).toBe(true);
    expect(await phone.leave()).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has words that can be read in the %s theme', async (colorScheme) => {
    const themed = await ShopPage.open(browser, running.url, { colorScheme, reducedMotion: 'reduce' });
    await themed.place();
    await themed.arm('Forged reply');
    await themed.press('Close the order');
    await themed.verdict('Unknown: nothing is proven');
    const { dark, words } = await themed.page.evaluate(contrasts);
    expect(dark).toBe(colorScheme === 'dark');
    expect(words.length).toBeGreaterThan(50);
    // WCAG 2.2, 1.4.3: 4.5 to 1.
    expect(words.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    const moving = await themed.page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
    expect(await themed.leave()).toEqual([]);
  });
});
