import { fileURLToPath } from 'node:url';

import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

import { AppModule } from './app.module.js';
import { serveApiDocs } from './docs/api-docs.js';
import type { Settings } from './settings.js';

const PAGE = fileURLToPath(new URL('../public', import.meta.url));

/**
 * Builds the application: the routes of {@link AppModule}, the page at `/` and the documentation at `/docs`.
 *
 * @param settings - see {@link Settings}
 * @returns an application that does not listen yet
 */
export async function createApp(settings: Settings): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings), {
    logger: ['warn', 'error'],
    // What WeChat Pay signs is the bytes of a notification.
    rawBody: true,
    // A fault in the options is thrown to the caller instead of aborting the process.
    abortOnError: false,
  });
  app.useStaticAssets(PAGE);
  serveApiDocs(app);
  app.enableShutdownHooks();
  return app;
}
