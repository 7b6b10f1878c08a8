import type { ReceivedNotification } from '../received-notification.js';

/**
 * The raw body of a request is not there: a mistake of this application, not of the sender. It is answered with 500, so that
 * WeChat Pay sends the notification again once it is mended.
 */
export class RawBodyMissingError extends Error {
  override readonly name = 'RawBodyMissingError';
  readonly statusCode = 500;

  constructor() {
    super(
      'The raw body of the request is missing, and only its bytes are signed. Create the application with ' +
        'NestFactory.create<NestExpressApplication>(AppModule, { rawBody: true }). For the XML of APIv2, add ' +
        "app.useBodyParser('text', { type: \"text/xml\" }); on Fastify, with NestFastifyApplication, app.useBodyParser('text/xml').",
    );
  }
}

/** What Express and Fastify have in common, as far as Nest has added to it. */
export interface HttpRequest {
  readonly headers: ReceivedNotification['headers'];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly rawBody?: unknown;
}

/**
 * The notification that a request brings.
 *
 * @param request - of Express or Fastify
 * @throws {@link RawBodyMissingError} where there was a body and nobody kept its bytes
 */
export function receivedOf({ headers, rawBody }: HttpRequest): ReceivedNotification {
  if (rawBody instanceof Uint8Array) return { headers, body: rawBody };
  // No parser looks at a request without a body.
  if ((headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined) {
    return { headers, body: new Uint8Array() };
  }
  throw new RawBodyMissingError();
}
