import type { z } from 'zod';

import { paramError } from '../answers/refusals.js';
import { checkInput, readJson } from '../checks/read-input.js';
import type { EmulatorState } from '../emulator-state.js';
import type { EmulatorMerchant } from '../merchants/emulator-merchant.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import { queryOf } from '../wire/emulator-request.js';
import type { EmulatorRequest } from '../wire/emulator-request.js';

import type { CloseOrder } from './close-order.js';

/** One APIv3 request whose sender is known, as an endpoint sees it. */
export class V3Call {
  /** The order it is about, once an endpoint has found it. */
  order: EmulatorOrder | undefined;

  /**
   * @param request - the request
   * @param merchant - who sent it
   * @param state - what WeChat Pay knows
   * @param parameters - the path's parameters, still percent-encoded
   * @param close - closes an order if that can be
   */
  constructor(
    readonly request: EmulatorRequest,
    readonly merchant: EmulatorMerchant,
    readonly state: EmulatorState,
    private readonly parameters: ReadonlyMap<string, string>,
    readonly close: CloseOrder,
  ) {}

  /**
   * A parameter of the path, decoded once.
   *
   * @param name - its name in the route's path
   * @param schema - what is expected
   * @throws Refusal 400 PARAM_ERROR
   */
  param(name: string, schema: z.ZodType<string>): string {
    let decoded: string;
    try {
      decoded = decodeURIComponent(this.parameters.get(name) ?? '');
    } catch {
      throw paramError(`/${name}: the path is not well encoded`);
    }
    return checkInput(schema, decoded, 'path');
  }

  /**
   * The body.
   *
   * @param schema - what is expected
   * @throws Refusal 400 PARAM_ERROR
   */
  body<Output>(schema: z.ZodType<Output>): Output {
    return checkInput(schema, readJson(this.request.body), 'body');
  }

  /**
   * The query.
   *
   * @param schema - what is expected
   * @throws Refusal 400 PARAM_ERROR
   */
  query<Output>(schema: z.ZodType<Output>): Output {
    return checkInput(schema, Object.fromEntries(queryOf(this.request)), 'query');
  }
}
