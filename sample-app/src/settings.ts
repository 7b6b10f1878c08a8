import { readFileSync } from 'node:fs';

import type { MerchantOptions } from 'nestjs-wechatpay';
import type { StoreOptions } from 'nestjs-wechatpay/auto-close';

/** What the environment tells this application. */
export interface Settings {
  /** The port of this application. */
  readonly port: number;
  /** The port of the emulator; 0 takes a free one. */
  readonly emulatorPort: number;
  /** Whether the emulated merchant's private key is in a KMS, which signs for it. */
  readonly kms: boolean;
  /** Where it is kept which orders are to be closed when. */
  readonly closeStore: StoreOptions;
  /** A real merchant and its keys. Without it, the emulator takes WeChat Pay's place. */
  readonly merchant?: MerchantOptions;
}

/** Injects the {@link Settings}. */
export const SETTINGS = Symbol('SETTINGS');

/** The environment does not hold. The message names the variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const REQUIRED = [
  'WECHATPAY_MCHID',
  'WECHATPAY_SERIAL_NO',
  'WECHATPAY_PRIVATE_KEY_FILE',
  'WECHATPAY_PUBLIC_KEY_ID',
  'WECHATPAY_PUBLIC_KEY_FILE',
] as const;
const APIV2 = ['WECHATPAY_APPID', 'WECHATPAY_APIV2_KEY'] as const;

type Variable = (typeof REQUIRED | typeof APIV2)[number];

/**
 * Reads the settings.
 *
 * @param env - usually `process.env`; an empty variable counts as one that is not set
 * @throws {@link SettingsError} that names what is missing or wrong
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const ports = { port: portOf(env, 'PORT', 3000), emulatorPort: portOf(env, 'EMULATOR_PORT', 0) };
  const kms = flagOf(env, 'KMS');
  // One variable is enough to mean "the real WeChat Pay": half a configuration must not end up on the emulator.
  const isReal = [...REQUIRED, ...APIV2].some((name) => isSet(env[name]));
  if (isReal && kms) throw new SettingsError('KMS has a key for the emulated merchant only. Leave it out.');
  return { ...ports, kms, closeStore: storeOf(env['CLOSE_STORE']), ...(isReal && { merchant: merchantOf(env) }) };
}

function merchantOf(env: NodeJS.ProcessEnv): MerchantOptions {
  const missing = REQUIRED.filter((name) => !isSet(env[name]));
  if (missing.length > 0) {
    throw new SettingsError(
      `The real WeChat Pay needs ${missing.join(', ')} too. Set what is missing, or no WECHATPAY_… variable at all to use the emulator.`,
    );
  }
  const value = (name: Variable) => env[name] ?? '';
  return {
    mchid: value('WECHATPAY_MCHID'),
    ...(isSet(env['WECHATPAY_APPID']) && { appid: value('WECHATPAY_APPID') }),
    ...(isSet(env['WECHATPAY_APIV2_KEY']) && { apiV2: { key: value('WECHATPAY_APIV2_KEY') } }),
    apiV3: {
      serialNo: value('WECHATPAY_SERIAL_NO'),
      privateKey: fileOf('WECHATPAY_PRIVATE_KEY_FILE', value('WECHATPAY_PRIVATE_KEY_FILE')),
      publicKeys: {
        [value('WECHATPAY_PUBLIC_KEY_ID')]: fileOf('WECHATPAY_PUBLIC_KEY_FILE', value('WECHATPAY_PUBLIC_KEY_FILE')),
      },
    },
  };
}

/** A URL of Redis or PostgreSQL is a queue of BullMQ there; anything else is a SQLite file. */
function storeOf(text: string | undefined): StoreOptions {
  if (!isSet(text)) return { kind: 'sqlite', file: 'data/closes.db' };
  if (!text.includes('://')) return { kind: 'sqlite', file: text };
  if (/^(rediss?|postgres(ql)?):/.test(text)) return { kind: 'bullmq', url: text, prefix: 'sample_shop' };
  throw new SettingsError('CLOSE_STORE must be a redis:// or postgres:// URL, or the path of a SQLite file.');
}

function fileOf(name: Variable, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SettingsError(`${name} names ${path}, which cannot be read.`, { cause });
  }
}

function portOf(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (!isSet(text)) return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SettingsError(`${name} must be a port, 0 to 65535, and not ${text}.`);
  }
  return port;
}

function flagOf(env: NodeJS.ProcessEnv, name: string): boolean {
  const text = env[name];
  if (!isSet(text) || text === '0') return false;
  if (text !== '1') throw new SettingsError(`${name} must be 0 or 1, and not ${text}.`);
  return true;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
