import type { KeyObject } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import type { ApiV3Credentials, Merchant } from '../../merchants/merchant.js';
import { MerchantDirectory } from '../../merchants/merchant.directory.js';
import { PlatformKeyStore } from '../../platform-keys/platform-key.store.js';
import { MerchantFinder } from '../merchant.finder.js';
import { NotificationRefusedError } from '../notification-refused.error.js';
import type { NotificationContext } from '../received-notification.js';

/** So many merchants are tried at most where the route names none. */
const MOST_TRIED = 20;
/** What a serial looks like; anything else is not repeated in a message. */
const SERIAL = /^(?:PUB_KEY_ID_\d{1,40}|[0-9A-F]{8,40})$/;

/** A merchant that an APIv3 notification may be for, and the key that the notification names. */
export interface BelievingMerchant {
  readonly mchid: string;
  readonly credentials: ApiV3Credentials;
  /** The merchant's APIv3 key, of type `secret`. */
  readonly apiV3Key: KeyObject;
  /** WeChat Pay's key, which the merchant believes. */
  readonly platformKey: KeyObject;
}

interface Reader {
  readonly mchid: string;
  readonly credentials: ApiV3Credentials;
  readonly apiV3Key: KeyObject;
}

/**
 * Finds the merchants that an APIv3 notification may be for: the one that the route names, or the listed ones that believe the
 * key it names. Nothing of it is proven yet, so the search is bounded, and a merchant source is asked for nobody but the
 * merchant that the route names.
 */
@Injectable()
export class BelievingMerchants {
  constructor(
    @Inject(MerchantDirectory) private readonly directory: MerchantDirectory,
    @Inject(MerchantFinder) private readonly merchants: MerchantFinder,
    @Inject(PlatformKeyStore) private readonly keys: PlatformKeyStore,
  ) {}

  /**
   * @param serial - `Wechatpay-Serial` as it came
   * @param context - the route's merchant, and whose certificates
   * @returns at least one
   * @throws {@link NotificationRefusedError} of reason `unknownMerchant`, `unknownKey`, `notConfigured` or `merchantSource`
   */
  async of(
    serial: string,
    { merchant, region = 'mainland' }: NotificationContext,
  ): Promise<readonly BelievingMerchant[]> {
    const readers = merchant === undefined ? this.#listed(serial) : [await this.#named(merchant)];
    const tried = await Promise.all(
      readers.map(async (reader) => {
        const platformKey = await this.keys.of(reader.mchid, reader.credentials, region).find(serial);
        return platformKey === undefined ? [] : [{ ...reader, platformKey }];
      }),
    );
    const found = tried.flat();
    if (found.length > 0) return found;
    const name = SERIAL.test(serial) ? ` ${serial}` : '';
    throw refused(
      'unknownKey',
      `it is signed with a key${name} that is not believed; if it is WeChat Pay's, add it to publicKeys or certificates.`,
    );
  }

  async #named(mchid: string): Promise<Reader> {
    const found = await this.merchants.find(mchid, 'v3');
    const [reader] = readersOf(found);
    if (reader !== undefined) return reader;
    throw refused('notConfigured', `merchant ${mchid} has no apiV3.apiV3Key, which decrypts notifications; add it.`);
  }

  #listed(serial: string): readonly Reader[] {
    const { listed } = this.directory;
    const readers = listed.numbers.flatMap((mchid) => readersOf(listed.find(mchid)));
    if (readers.length === 0) {
      throw refused(
        'notConfigured',
        'no listed merchant has apiV3.apiV3Key, which decrypts notifications; add it, or name the merchant in the route.',
      );
    }
    const holders = readers.filter(({ credentials }) => credentials.platformKeys.has(serial));
    const tried =
      holders.length > 0 ? holders : readers.filter(({ credentials }) => credentials.download !== undefined);
    if (tried.length <= MOST_TRIED) return tried;
    throw refused(
      'unknownMerchant',
      `it may be for any of ${tried.length} merchants; put the merchant number into the path of notify_url, and name it in the route.`,
    );
  }
}

function readersOf(merchant: Merchant | undefined): readonly Reader[] {
  const { mchid, apiV3: credentials } = merchant ?? {};
  const apiV3Key = credentials?.apiV3Key;
  return mchid === undefined || credentials === undefined || apiV3Key === undefined
    ? []
    : [{ mchid, credentials, apiV3Key }];
}

function refused(reason: NotificationRefusedError['reason'], explanation: string): NotificationRefusedError {
  return new NotificationRefusedError('v3', reason, explanation);
}
