import type { Confirm } from 'nestjs-wechatpay';
import type { EmulatorAnswer, EmulatorOrder, EmulatorReply, Fault, V3Answer } from 'nestjs-wechatpay/emulator';

import type { CloseCase } from '../../support/close-cases.js';
import type { GatewayScript } from '../../support/gateway.js';
import type { TestShop } from '../../support/test-shop.js';
import type { Stage } from './stage.js';

/** One call of a row, before it is made. */
export class Scene {
  readonly number: string;
  readonly order: EmulatorOrder;

  constructor(
    readonly stage: Stage,
    readonly variant: CloseCase,
  ) {
    this.number = stage.newNumber();
    this.order = variant.place(this.emulator, this.number);
  }

  get emulator(): TestShop['emulator'] {
    return this.stage.shop.emulator;
  }

  /** The path of the close; queries have another. */
  get path(): string {
    return this.variant.path(this.number, this.emulator);
  }

  /** Has the emulator misbehave at closes. */
  fault(fault: Fault): void {
    this.emulator.faults.add({ ...fault, when: { path: this.path, ...fault.when } });
  }

  /** Changes the replies to closes. */
  spoil(change: (reply: EmulatorReply, sign: (reply: EmulatorReply) => EmulatorReply) => EmulatorReply): void {
    this.emulator.afterSigning((reply, { request, sign }) =>
      request.url === this.path ? change(reply, sign) : undefined,
    );
  }

  /** Has closes answered by another answer, rightly signed. */
  answer(v3: V3Answer, v2?: Readonly<Record<string, string>>): void {
    this.emulator.beforeSigning((answer, { request }): EmulatorAnswer | undefined => {
      if (request.url !== this.path) return undefined;
      return 'fields' in answer ? { fields: { ...answer.fields, ...v2 } } : v3;
    });
  }

  /** Has closes fail with a code, rightly signed: in APIv3 with that status, in APIv2 with 200. */
  failure(status: number, code: string): void {
    this.answer({ status, body: { code, message: 'x' } }, { result_code: 'FAIL', err_code: code, err_code_des: 'x' });
  }

  /** Says what bytes are written for closes. */
  script(script: GatewayScript): void {
    if (this.stage.gateway === undefined) throw new Error('this stage has no gateway');
    this.stage.gateway.script = script;
  }

  /** Makes the call. */
  close(confirm: Confirm) {
    const { shop, merchant } = this.stage;
    const options = { confirm, ...(merchant !== undefined && { merchant }) };
    return this.variant.close(shop.service, this.number, this.emulator, options);
  }
}
