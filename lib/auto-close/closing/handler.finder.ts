import { Inject, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';

import { SETTLEMENT_HANDLER } from '../auto-close.constants.js';
import { AutoCloseConfigurationError } from '../errors/auto-close-configuration.error.js';
import { OnSettlement, type SettlementHandler } from '../settlement.handler.js';

const SCOPED =
  'has the scope of a request, or is transient, or injects what is, and no request ends an order; give it, and all that it injects, the default scope, and use ModuleRef.resolve() in onSettled for the rest';

/** Finds the application's handler: the one that the module names, or the provider that is marked as it. */
@Injectable()
export class HandlerFinder {
  #handler?: SettlementHandler;

  constructor(
    @Inject(SETTLEMENT_HANDLER) private readonly named: Type<unknown> | null,
    @Inject(ModuleRef) private readonly own: ModuleRef,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {}

  /** The handler, once {@link find} has found it. */
  get handler(): SettlementHandler {
    return this.#handler ?? this.find();
  }

  /**
   * Finds it, when every provider is there.
   *
   * @throws {@link AutoCloseConfigurationError} if there is none, more than one, or one that is made anew for each request
   */
  find(): SettlementHandler {
    const all = new Set([...this.#named(), ...this.#marked()]);
    const [handler, ...others] = all;
    if (all.size === 0) {
      throw fault(
        'is missing; name a class that implements SettlementHandler, or mark a provider with @OnSettlement(), or set worker to false where orders are only scheduled',
      );
    }
    if (others.length > 0)
      throw fault(`is not the only one, there are ${all.size}; mark one class or name it, not both`);
    if (!isHandler(handler)) throw fault('has no method onSettled; implement SettlementHandler');
    this.#handler = handler;
    return handler;
  }

  #named(): unknown[] {
    if (this.named === null) return [];
    try {
      return [this.own.get<unknown>(this.named)];
    } catch {
      throw fault(SCOPED);
    }
  }

  #marked(): unknown[] {
    const marked = this.discovery.getProviders({ metadataKey: OnSettlement.KEY });
    if (marked.some((wrapper) => wrapper.isTransient || !wrapper.isDependencyTreeStatic())) throw fault(SCOPED);
    return marked.map(({ instance }): unknown => instance);
  }
}

function fault(problem: string): AutoCloseConfigurationError {
  return new AutoCloseConfigurationError([{ option: 'settlementHandler', problem }]);
}

function isHandler(value: unknown): value is SettlementHandler {
  return typeof value === 'object' && value !== null && 'onSettled' in value && typeof value.onSettled === 'function';
}
