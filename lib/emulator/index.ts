export { WechatPayEmulator } from './wechat-pay-emulator.js';
export type { PublicKeyStage, RotateOptions, SigningCertificates } from './certificates/certificate-rotation.js';
export { DEFAULT_MERCHANT } from './emulator.options.js';
export type { EmulatorMerchantOptions, EmulatorOptions, UnknownOrder } from './emulator.options.js';
export type { EmulatorClock } from './emulator-clock.js';
export { EmulatorControlError } from './emulator-control.error.js';
export type { EmulatorCredentials, EmulatorMerchantCredentials } from './emulator-credentials.js';
export type { BelievedKeys, EmulatedModuleOptions } from './module-options.js';
export type {
  ActiveFault,
  AnyFault,
  CertificateFault,
  CompressFault,
  ConnectionFault,
  ContentLengthFault,
  DelayFault,
  DripFault,
  Fault,
  FaultWhen,
  GarbageFault,
  HeaderFault,
  HtmlFault,
  InProgressFault,
  LoseReplyFault,
  OrderFault,
  OversizeFault,
  PayDuringCloseFault,
  RedirectFault,
  RefuseFault,
  ReplacingFault,
  ReplayFault,
  ReplyFault,
  ResetFault,
  SignTestFault,
  StaleFault,
  StallFault,
  StatusFault,
  SystemErrorFault,
  ThrottleFault,
  TruncateFault,
  UnknownSerialFault,
  UnsignedFault,
  WrongSignatureFault,
} from './faults/fault.js';
export type { EmulatorFaults } from './faults/emulator-faults.js';
export { EmulatorKeys } from './keys/emulator-keys.js';
export type {
  MerchantKeys,
  OwnWechatPayKeys,
  PlatformKey,
  ReplyKey,
  WechatPayPublicKey,
} from './keys/emulator-keys.js';
export type { CloseResult, EmulatorOrder, OrderChange, OrderState } from './orders/emulator-order.js';
export type { EmulatorNotifications } from './notifications/emulator-notifications.js';
export type {
  NotificationChanges,
  NotificationFault,
  NotificationHeaders,
  NotificationMessage,
} from './notifications/notification-changes.js';
export type { NotifyTarget } from './notifications/notify-target.js';
export type { ShopAnswer } from './notifications/post-notification.js';
export type { SentNotification, WaitingNotification } from './notifications/sent-notification.js';
export type { OrderDetails, OrderIdentity, OrderKind, SubOrder, TradeType } from './orders/order-details.js';
export type {
  PlaceAny,
  PlaceBasicOrder,
  PlaceCombineOrder,
  PlaceOrder,
  PlaceOverseasOrder,
  PlaceRepaymentOrder,
  PlaceSubOrder,
} from './orders/place-order.js';
export type { EmulatorAnswer, V2Answer, V3Answer } from './answers/emulator-answer.js';
export type { AnswerRewrite, EmulatorExchange, ReplyRewrite, RewrittenReply } from './rewrites.js';
export type { EmulatorScheme } from './signing/emulator-scheme.js';
export type { SignAs } from './signing/sign-as.js';
export type { EmulatorReply } from './wire/emulator-reply.js';
export type { EmulatorRequest, SignatureVerdict } from './wire/emulator-request.js';
export type { JsonValue } from './wire/json-value.js';
