/** Injection token of the {@link AutoCloseModuleOptions} that `forRoot` was given. */
export const AUTO_CLOSE_MODULE_OPTIONS = Symbol('AUTO_CLOSE_MODULE_OPTIONS');

/** Injection token of the class that `settlementHandler` names, or `null`. */
export const SETTLEMENT_HANDLER = Symbol('SETTLEMENT_HANDLER');

/** How far ahead an order may be scheduled, in milliseconds: 7 days. */
export const FURTHEST_MS = 7 * 86_400_000;
