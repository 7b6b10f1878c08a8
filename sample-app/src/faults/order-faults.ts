import { Inject, Injectable } from '@nestjs/common';
import { type EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { closeChoices } from '../shop/close-choices.js';
import { type FaultChoice, faultsOf } from './fault-choice.js';

interface Armed {
  readonly choice: FaultChoice;
  readonly ids: readonly string[];
}

/** What goes wrong with which order's next close, whoever closes it. */
@Injectable()
export class OrderFaults {
  readonly #armed = new Map<string, Armed>();

  constructor(@Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator) {}

  /** @param number - of the order */
  of(number: string): FaultChoice | undefined {
    return this.#armed.get(number)?.choice;
  }

  /**
   * Has something go wrong, in place of what was to go wrong before.
   *
   * @param order - whose close
   * @param choice - what; `null` for nothing
   */
  arm(order: EmulatorOrder, choice: FaultChoice | null): void {
    this.disarm(order.out_trade_no);
    if (choice === null) return;
    const paths = closeChoices(order).map(({ endpoint }) => endpoint);
    const ids = faultsOf(choice, order, paths).map((fault) => this.emulator.faults.add(fault).id);
    this.#armed.set(order.out_trade_no, { choice, ids });
  }

  /**
   * Puts things right.
   *
   * @param number - of the order
   * @returns whether something was to go wrong
   */
  disarm(number: string): boolean {
    for (const id of this.#armed.get(number)?.ids ?? []) this.emulator.faults.remove(id);
    return this.#armed.delete(number);
  }
}
