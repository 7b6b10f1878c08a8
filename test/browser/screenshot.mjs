/**
 * Takes the pictures of the page for the READMEs: `npm run screenshot`. With `-- --phone FILE`, one of a phone instead, to look at.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createApp } from '../../sample-app/dist/create-app.js';
import { readSettings } from '../../sample-app/dist/settings.js';
import { startChromium } from './chromium.mjs';
import { smallerPng } from './smaller-png.mjs';

const IMAGES = new URL('../../docs/images/', import.meta.url);

const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
const app = await createApp(readSettings({ CLOSE_STORE: join(folder, 'closes.db') }));
await app.listen(0, '127.0.0.1');
const browser = await startChromium();
try {
  const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
  await tellStory(await (await browser.newContext({ viewport: { width: 1200, height: 900 } })).newPage(), url);
  const [, phone] = process.argv.slice(2);
  if (phone === undefined) {
    for (const scheme of ['light', 'dark']) {
      await take(url, scheme, { width: 1200, height: 1240 }, new URL(`sample-app-${scheme}.png`, IMAGES).pathname);
    }
  } else {
    await take(url, 'light', { width: 360, height: 780 }, phone, true);
  }
} finally {
  await browser.close();
  await app.close();
  await rm(folder, { recursive: true });
}

/** A paid order, a closed one, a ghost payment, one that waits, and one whose reply was lost. */
async function tellStory(page, url) {
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  await place(page, 'Overseas', 3_600);
  await place(page, 'Partner', 3_600);
  await page.locator('#pay').click();
  await said(page, 'Hears of the payment');
  await place(page, 'Combined', 3_600);
  await page.getByText('Make a ghost payment').click();
  await page.locator('#drop').click();
  await said(page, 'Closed in the shop’s book alone');
  await page.locator('#pay').click();
  await said(page, 'Ghost payment');
  await place(page, 'Basic', 3_600);
  const armed = page.waitForResponse((response) => response.url().endsWith('/fault'));
  await page.getByRole('radio', { name: /^Lost reply/ }).check();
  await armed;
  await page.locator('#close-button').click();
  await page.locator('#verdict', { hasText: 'Confirmed by a signed query' }).waitFor();
}

async function place(page, kind, seconds) {
  const before = await page.locator('#orders li').count();
  await page.getByRole('radio', { name: new RegExp(`^${kind}`) }).check();
  await page.locator('#after').fill(String(seconds));
  await page.locator('#place .primary').click();
  await page.locator('#orders li').nth(before).waitFor();
}

async function said(page, text) {
  await page.locator('.line', { hasText: text }).first().waitFor();
}

async function take(url, colorScheme, viewport, path, fullPage = false) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator('#orders button').first().click();
  await page.locator('#verdict').waitFor();
  // The pointer and the focus have no place in a picture.
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await writeFile(path, smallerPng(await page.screenshot({ fullPage })));
  await context.close();
}
