/**
 * What sees and steers a running host: the index of `@plugboard/core/control`. Apart from the host, so that an application
 * that opens its host to nobody loads none of it.
 */
export { attachHost, type AttachedControl, type AttachOptions } from "./control/attached-control.js";
export { ControlSession, type LineSink, type SessionOptions } from "./control/control-session.js";
export type { ErrorRecord } from "./control/error-record.js";
export { foldEvents } from "./control/fold-events.js";
export type {
  ActivationRecord,
  CandidateRecord,
  ContributionRecord,
  ControlCall,
  ControlEvent,
  EventHead,
  EventsOptions,
  ExplanationRecord,
  ExtensionListing,
  ExtensionRecord,
  HostControl,
  HostInfo,
  ListOptions,
  ReasonRecord,
  UnresponsiveRecord,
} from "./control/host-control.js";
export { hostControl } from "./control/local-control.js";
export { openControl, type OpenControl, type OpenControlOptions } from "./control/open-control.js";
