import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { SETTLEMENT_HANDLER } from '../auto-close.constants.js';
import { AutoCloseConfigurationError } from '../errors/auto-close-configuration.error.js';
import { OnSettlement, type SettlementHandler } from '../settlement.handler.js';

/** Finds the application's handler: the one that the module names, or the provider that is marked as it. */
@Injectable()
export class HandlerFinder {
  #handler?: SettlementHandler;

  constructor(
    @Inject(SETTLEMENT_HANDLER) private readonly named: unknown,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {}

  /** The handler, once {@link find} has found it. */
  get handler(): SettlementHandler {
    return this.#handler ?? this.find();
  }

  /**
   * Finds it, when every provider is there.
   *
   * @throws {@link AutoCloseConfigurationError} if there is none, or more than one
   */
  find(): SettlementHandler {
    const marked: unknown[] = this.discovery
      .getProviders({ metadataKey: OnSettlement.KEY })
      .map(({ instance }): unknown => instance);
    const all = new Set([...(this.named === null ? [] : [this.named]), ...marked]);
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
}

function fault(problem: string): AutoCloseConfigurationError {
  return new AutoCloseConfigurationError([{ option: 'settlementHandler', problem }]);
}

function isHandler(value: unknown): value is SettlementHandler {
  return typeof value === 'object' && value !== null && 'onSettled' in value && typeof value.onSettled === 'function';
}
