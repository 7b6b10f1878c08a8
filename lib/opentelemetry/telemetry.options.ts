/** What {@link WechatPayTelemetry} takes. */
export interface WechatPayTelemetryOptions {
  /**
   * Whether spans tell which order is meant: its numbers, and the messages and addresses that hold them. Metrics never do.
   *
   * @default true
   */
  readonly orderNumbers?: boolean;
  /**
   * Whether instrumentations of HTTP clients are kept from following the requests that go to WeChat Pay. They would make a
   * second span of each, and put `traceparent` and `baggage`, which may hold data of the application's, into what WeChat Pay
   * and whoever stands between receive.
   *
   * @default true
   */
  readonly suppressHttpInstrumentation?: boolean;
}
