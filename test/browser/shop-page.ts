import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { createApp } from '../../sample-app/src/create-app.js';
import { readSettings } from '../../sample-app/src/settings.js';

/** The sample application, listening. */
export interface RunningShop {
  readonly app: NestExpressApplication;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the sample application on the emulator, with a store of its own. */
export async function startShop(): Promise<RunningShop> {
  const folder = await mkdtemp(join(tmpdir(), 'sample-page-'));
  const app = await createApp(readSettings({ CLOSE_STORE: join(folder, 'closes.db') }));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The page, as a person uses it. */
export class ShopPage {
  /** What the browser complained about. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {
    page.setDefaultTimeout(8_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ShopPage> {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, locale: 'en-GB', ...options });
    const shop = new ShopPage(await context.newPage(), context);
    await shop.page.goto(url);
    await shop.page.getByText('Live', { exact: true }).waitFor();
    return shop;
  }

  /** Closes it. Closes that are refused are answered with 4xx and 5xx, which the browser notes. */
  async leave(): Promise<string[]> {
    await this.context.close();
    return this.complaints.filter((text) => !/Failed to load resource.*status of (4|5)\d\d/.test(text));
  }

  async place(kind = 'Basic', seconds = 600): Promise<string> {
    const { page } = this;
    const before = (await page.locator('#order-title').textContent()) ?? '';
    await this.choose(kind);
    await page.getByLabel('It closes itself after').fill(String(seconds));
    await page.getByRole('button', { name: 'Place the order' }).click();
    await page.waitForFunction((old) => {
      const title = document.querySelector('#order-title')?.textContent;
      return title !== '' && title !== old;
    }, before);
    return (await page.locator('#order-title').textContent()) ?? '';
  }

  /** Checks a radio button by the beginning of its name. */
  async choose(name: string): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
  }

  /** Has something go wrong with the next close, and waits until the shop knows. */
  async arm(fault: string): Promise<void> {
    const armed = this.page.waitForResponse((response) => response.url().endsWith('/fault'));
    await this.choose(fault);
    await armed;
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  }

  /** Waits until the verdict says this. */
  async verdict(text: string): Promise<void> {
    await this.page.locator('#verdict', { hasText: text }).waitFor();
  }

  /** Waits until the timeline has a line that says this. */
  async line(text: string): Promise<void> {
    await this.page.locator('.line', { hasText: text }).first().waitFor();
  }

  /** The headings of the timeline. */
  async lines(): Promise<string[]> {
    return this.page.locator('.line .head strong').allTextContents();
  }

  /** Waits until the shop's book or WeChat Pay has the order in a state. */
  async state(place: 'At WeChat Pay' | 'In the shop’s book', name: string): Promise<void> {
    await this.page.locator(`#states dt:has-text("${place}") + dd`, { hasText: name }).waitFor();
  }
}
