/** What happens while a host runs, as data for every way of showing it. */
import type {
  ContributionChange,
  ExtensionEvent,
  ExtensionHost,
  ExtensionInfo,
  Logger,
  LogLevel,
  Problem,
} from "../../index.js";
import type { StrayOutput } from "../command-io.js";

/** Something that happened while the host ran. @internal */
export type HostEvent =
  | { readonly kind: "extension"; readonly event: ExtensionEvent; readonly info: ExtensionInfo | undefined }
  | { readonly kind: "problem"; readonly problem: Problem }
  | ({ readonly kind: "contributions" } & ContributionChange)
  | ({ readonly kind: "log" } & LogRecord)
  | { readonly kind: "ready"; readonly extensions: number; readonly elapsedMs: number }
  | { readonly kind: "stopping" }
  | { readonly kind: "stopped" };

/** One message of the host or of an extension. @internal */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One way to show a running host. @internal */
export interface HostView {
  /** Begins to show a host that has not been started yet. */
  open(host: ExtensionHost): void;
  /** Shows what happened, in the order it happened. */
  show(hostEvent: HostEvent): void;
  /** Ends showing, after the last event. */
  close(): void;
}

/** Tells what an extension event was about, with the extension as it is now. @internal */
export function extensionHostEvent(event: ExtensionEvent, host: ExtensionHost): HostEvent {
  const named = event.id === undefined ? undefined : host.extensions.get(event.id);
  const isNamed = named?.folder === event.folder;
  return {
    kind: "extension",
    event,
    info: isNamed ? named : Array.from(host.extensions).find(({ folder }) => folder === event.folder),
  };
}

/** A logger whose records are host events. @internal */
export function hostEventLogger(show: (hostEvent: HostEvent) => void): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      show({ kind: "log", level, message, fields });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** What code in this process printed or threw, told as what a worker or process prints is. @internal */
export function strayHostEvent({ level, text, owner, stream }: StrayOutput): HostEvent {
  const fields = {
    ...(stream !== undefined && { stream }),
    ...(owner && { extensionId: owner.id, generation: owner.generation }),
  };
  return { kind: "log", level, message: text, fields };
}
