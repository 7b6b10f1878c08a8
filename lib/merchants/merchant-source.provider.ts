import type { ClassProvider, ExistingProvider, FactoryProvider, Provider, Type } from '@nestjs/common';

import { MerchantSource } from './merchant-source.js';

/** How a {@link MerchantSource} is given: its class, or any of Nest's ways to provide one. A factory may give `null` for none. */
export type MerchantSourceProvider =
  | Type<MerchantSource>
  | Pick<ClassProvider<MerchantSource>, 'useClass'>
  | Pick<ExistingProvider<MerchantSource>, 'useExisting'>
  | Pick<FactoryProvider<MerchantSource | null>, 'useFactory' | 'inject'>;

/**
 * The provider of the application's source.
 *
 * @param given - by the application; without it, `null` is provided, so that no source of another module is taken by chance
 */
export function merchantSourceProvider(given: MerchantSourceProvider | undefined): Provider<MerchantSource | null> {
  if (given === undefined) return { provide: MerchantSource, useValue: null };
  return typeof given === 'function'
    ? { provide: MerchantSource, useClass: given }
    : { provide: MerchantSource, ...given };
}
