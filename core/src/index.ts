import "./common/require-node.js";
export type { ExtensionDescription, FolderPlace } from "./discovery/extension-description.js";
export type { ExtensionFolders } from "./host/face/extension-folders.js";
export type {
  ActivationOutcome,
  ActivationReport,
  ActivationTimes,
  CandidateInfo,
  ContributionChange,
  Explanation,
  ExtensionHost,
  ExtensionInfo,
  ExtensionList,
  HostPhase,
  HostStatus,
  LogRecord,
  RestartInfo,
  SignatureInfo,
  StartOptions,
  StartReport,
} from "./host/face/extension-host.js";
export { readHostConfig, type HostConfig, type HostConfigResult } from "./host/state/host-config.js";
export {
  defaultLimits,
  defaultRestart,
  offer,
  type Grants,
  type HostLimits,
  type HostOptions,
  type OfferedMethods,
  type RestartOptions,
  type ServiceOffer,
} from "./host/face/host-options.js";
export type { ExtensionEvent } from "./lifecycle/extension/extension-event.js";
export { blockedChannel } from "./runtime/in-process/watched-thread.js";
export type { InProcessScope } from "./runtime/in-process/scoped-guest.js";
export type { Incident, IncidentOutcome } from "./lifecycle/extension/incident.js";
export type { ExtensionState, StateReason } from "./lifecycle/extension/extension-state.js";
export type { Signer, TrustState } from "./trust/judge.js";
export { nearest } from "./common/nearest.js";
export * from "@plugboard/extension-api";
export {
  switchExtension,
  type SwitchedExtension,
  type SwitchOptions,
} from "./host/offline/switch-extension.js";
export { validateExtensions, type Validation } from "./host/validate-extensions.js";
export { createExtensionHost } from "./host/create-extension-host.js";
