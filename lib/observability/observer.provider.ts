import type { Provider, Type } from '@nestjs/common';

import type { CallObserver } from './call-observer.js';

/** An observer as a provider: a class, or an instance under a token that nobody else has. */
export type ObserverProvider = Type<CallObserver> | { readonly provide: symbol; readonly useValue: CallObserver };

/**
 * Makes a provider of an observer.
 *
 * @param observer - as the application gave it
 */
export function observerProvider(observer: Type<CallObserver> | CallObserver): ObserverProvider & Provider {
  return typeof observer === 'function' ? observer : { provide: Symbol('CALL_OBSERVER'), useValue: observer };
}

/**
 * The token of an observer's provider.
 *
 * @param provider - of the observer
 */
export function tokenOf(provider: ObserverProvider): Type<CallObserver> | symbol {
  return typeof provider === 'function' ? provider : provider.provide;
}
