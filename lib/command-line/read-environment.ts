import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Finding } from '../doctor/finding.js';
import { CommandError, wordsOf } from './command-error.js';
import type { Terminal } from './terminal.js';

const NAMES = [
  'WECHATPAY_MCHID',
  'WECHATPAY_APPID',
  'WECHATPAY_SERIAL_NO',
  'WECHATPAY_PRIVATE_KEY',
  'WECHATPAY_PUBLIC_KEY_ID',
  'WECHATPAY_PUBLIC_KEY',
  'WECHATPAY_APIV3_KEY',
  'WECHATPAY_APIV2_KEY',
] as const;

type Name = (typeof NAMES)[number];

const PLACES: readonly (readonly [pattern: RegExp, name: Name])[] = [
  [/merchants\[0\]\.mchid/g, 'WECHATPAY_MCHID'],
  [/merchants\[0\]\.appid/g, 'WECHATPAY_APPID'],
  [/merchants\[0\]\.apiV3\.serialNo/g, 'WECHATPAY_SERIAL_NO'],
  [/merchants\[0\]\.apiV3\.privateKey/g, 'WECHATPAY_PRIVATE_KEY'],
  [/merchants\[0\]\.apiV3\.publicKeys\.PUB_KEY_ID_\w+/g, 'WECHATPAY_PUBLIC_KEY'],
  // A name that is no id, or that is not repeated.
  [/merchants\[0\]\.apiV3\.publicKeys\.(?:\w+|\([^)]*\))/g, 'WECHATPAY_PUBLIC_KEY_ID'],
  [/merchants\[0\]\.apiV3\.apiV3Key/g, 'WECHATPAY_APIV3_KEY'],
  [/merchants\[0\]\.apiV2\.key/g, 'WECHATPAY_APIV2_KEY'],
];

/**
 * A finding about options that came from the environment, in whose words a person mends it.
 *
 * @param finding - that names options
 */
export function inVariables(finding: Finding): Finding {
  const { option, message, remedy } = finding;
  const texts = { message: renamed(message), remedy: renamed(remedy) };
  return { ...finding, ...texts, ...(option !== undefined && { option: renamed(option) }) };
}

function renamed(text: string): string {
  return PLACES.reduce((words, [place, name]) => words.replaceAll(place, name), text);
}

/**
 * Reads the options of one merchant from environment variables. A value that begins with `@` names a file that holds it.
 *
 * @param terminal - whose environment, and the folder that files are relative to
 * @returns what `forRoot` takes, not checked
 * @throws {@link CommandError} if none is set, or a file cannot be read
 */
export async function readEnvironment({ env, cwd }: Pick<Terminal, 'env' | 'cwd'>): Promise<unknown> {
  const values = new Map<Name, string>();
  for (const name of NAMES) {
    const given = env[name];
    // oxlint-disable-next-line no-await-in-loop -- the first file that cannot be read is the one to tell of
    if (given !== undefined) values.set(name, await valueOf(name, given, cwd));
  }
  if (values.size === 0) {
    throw new CommandError(`There is no configuration: give --config, or set ${NAMES.join(', ')}.`);
  }
  return { merchants: [merchantFrom((name) => values.get(name))] };
}

function merchantFrom(get: (name: Name) => string | undefined): object {
  const publicKey = get('WECHATPAY_PUBLIC_KEY');
  const apiV3 = {
    serialNo: get('WECHATPAY_SERIAL_NO'),
    privateKey: get('WECHATPAY_PRIVATE_KEY'),
    publicKeys: publicKey === undefined ? undefined : { [get('WECHATPAY_PUBLIC_KEY_ID') ?? '']: publicKey },
    apiV3Key: get('WECHATPAY_APIV3_KEY'),
  };
  const v2Key = get('WECHATPAY_APIV2_KEY');
  return withoutGaps({
    mchid: get('WECHATPAY_MCHID'),
    appid: get('WECHATPAY_APPID'),
    apiV2: v2Key === undefined ? undefined : { key: v2Key },
    apiV3: Object.values(apiV3).every((value) => value === undefined) ? undefined : withoutGaps(apiV3),
  });
}

async function valueOf(name: Name, given: string, cwd: string): Promise<string> {
  if (!given.startsWith('@')) return given;
  try {
    const text = await readFile(resolve(cwd, given.slice(1)), 'utf8');
    // The line feed at a file's end is no part of a number or a key.
    return text.replace(/\r?\n$/, '');
  } catch (error) {
    throw new CommandError(`${name} names a file that cannot be read: ${wordsOf(error)}.`);
  }
}

function withoutGaps(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
