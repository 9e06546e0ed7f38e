export { errorTable, type ErrorCode, type ErrorTableEntry } from "./error-table.js";
export {
  crashError,
  ExtensionError,
  isExtensionError,
  type ExtensionErrorOptions,
} from "./extension-error.js";
export type { Problem, ProblemSeverity } from "./problem.js";
export type { AsyncDisposable, Disposable, DisposableLike, Subscriptions } from "./disposable.js";
export type { Event } from "./event.js";
export type { Logger, LogLevel } from "./logger.js";
export type { CallContext, CallOptions, FieldName, Implementation, MethodName, Remote } from "./remote.js";
export { serviceToken, token, tokenId, type ServiceToken, type Token } from "./token.js";
export {
  contributionPoint,
  type Arity,
  type ContributionDelta,
  type ContributionEntry,
  type ContributionItem,
  type ContributionPoint,
  type ContributionPointOptions,
  type LiveCollection,
  type Stub,
} from "./contribution-point.js";
export {
  Command,
  commands,
  configuration,
  Greeter,
  greeters,
  RuntimeDriver,
  runtimes,
  Setting,
  Transformer,
  transformers,
} from "./points.js";
export type {
  Configuration,
  Extension,
  ExtensionContext,
  ExtensionIdentity,
  KeyValueStore,
  OptionalDependency,
  SavedState,
  SecretStore,
  Services,
} from "./extension-context.js";
export { capabilitySwitches } from "./channel.js";
export type {
  CapabilitySwitch,
  BusyPlace,
  Channel,
  ChannelDriver,
  ConnectRequest,
  ExitReason,
  Frame,
  GrantedCapabilities,
  OutputLine,
  SessionHealth,
  Unresponsive,
} from "./channel.js";
export type {
  Child,
  ChildEnd,
  ChildOptions,
  ChildPipe,
  Heartbeat,
  HeartbeatOptions,
  LineCutter,
  PrivateFolder,
} from "./child.js";
export type {
  ActivateRequest,
  ActivateResult,
  DeclaredContribution,
  DependencyExports,
  FileStamp,
  GrantedService,
  Handler,
  Runtime,
  RuntimeSession,
  RuntimeTrust,
  StartRequest,
} from "./runtime.js";
