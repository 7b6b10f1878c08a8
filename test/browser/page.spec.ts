import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { hasChromium, startChromium } from './chromium.mjs';
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

  it('shows what happens elsewhere, and again after the shop was away', async () => {
    const other = await ShopPage.open(browser, running.url);
    const number = await other.place();
    await shop.page.locator('#orders li', { hasText: number }).waitFor();
    await other.page.context().setOffline(true);
    await shop.page.locator('#orders button', { hasText: number }).click();
    await shop.press('Pay ');
    await shop.state('At WeChat Pay', 'Paid');
    await other.page.context().setOffline(false);
    await other.page.reload();
    await other.page.locator('#orders li', { hasText: number }).locator('.chip', { hasText: 'Paid' }).waitFor();
    expect(await other.leave()).toEqual([]);
  });
});
