/** What the host and a guest say to each other over a channel, one frame each. */

/** The number of arguments of a method. */
export type FrameArity = number | "variadic";

/** Methods by name. */
export type FrameMethods = Readonly<Record<string, FrameArity>>;

/** An error as it crosses a channel: nothing of it is lost but its class. */
export interface EncodedError {
  /** `ExtensionError`, `TypeError` and so on. */
  readonly name: string;
  readonly message: string;
  /** The code of an ExtensionError, or whatever its thrower put there. */
  readonly code?: string | number;
  /** Whether it is an ExtensionError. */
  readonly isExtensionError?: boolean;
  readonly extensionId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Only if the host allows it. */
  readonly stack?: string;
  readonly cause?: EncodedThrown;
  /** Those of an AggregateError. */
  readonly errors?: readonly EncodedThrown[];
}

/** Whatever was thrown: an error, or any other value. */
export type EncodedThrown = { readonly error: EncodedError } | { readonly value: unknown };

/** The exports of an extension: functions by name, everything else by value. */
export interface ExportDescriptor {
  readonly functions: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** A line of a live collection. */
export interface CollectionLine {
  readonly id: string;
  readonly extensionId: string;
  readonly generation: number;
  readonly item: Readonly<Record<string, unknown>>;
}

/** Everything that a guest must know to load and activate an extension; the first frame of a session. */
export interface HelloFrame {
  readonly type: "hello";
  /** Chosen by the host, never used again on the channel. */
  readonly session: number;
  readonly protocol: 1;
  readonly extension: { readonly id: string; readonly version: string; readonly path: string };
  readonly generation: number;
  /** The entry file, relative to the extension's folder. */
  readonly main: string;
  /** The manifest's `runtime` in its long form. */
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly contributions: readonly {
    readonly point: string;
    readonly id: string;
    readonly methods: FrameMethods;
  }[];
  readonly services: readonly { readonly id: string; readonly methods: FrameMethods }[];
  readonly undeclaredServices: readonly string[];
  readonly dependencies: readonly {
    readonly id: string;
    readonly kind: "required" | "optional";
    readonly exports?: ExportDescriptor;
  }[];
  /** Points that the extension opens, with what is contributed to them now. */
  readonly points: readonly {
    readonly id: string;
    readonly methods: FrameMethods;
    readonly lines: readonly CollectionLine[];
  }[];
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly state?: { readonly version: number; readonly value: unknown };
  readonly limits: { readonly callMs: number; readonly callBytes: number };
  /** Names of the environment variables it may see, with their values. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether errors take their stacks along. */
  readonly withStacks: boolean;
  /** A session of the same channel whose code is to be used again as it was loaded. */
  readonly reuse?: number;
}

/** The extension is active: all it registered, at once. */
export interface ReadyFrame {
  readonly type: "ready";
  readonly session: number;
  readonly supplied: readonly { readonly point: string; readonly id: string }[];
  readonly findings: readonly {
    readonly code: "CONTRIBUTION_MISSING" | "CONTRIBUTION_INCOMPLETE";
    readonly point: string;
    readonly id: string;
    readonly message: string;
  }[];
  readonly savesState: boolean;
  readonly exports: ExportDescriptor;
  /** Milliseconds. */
  readonly times: { readonly load: number; readonly call: number; readonly settle: number };
}

/**
 * Calls something of the other side. Targets of a guest are `contribution/<point>/<id>/<method>`,
 * `export/<name>` and `hook/saveState`; targets of the host are `service/<id>/<method>`,
 * `dependency/<id>/<name>`, `storage/<method>`, `secrets/<method>` and `point/<point>/<id>/<method>`.
 */
export interface CallFrame {
  readonly type: "call";
  readonly session: number;
  /** From 1, chosen by the caller, one count per session and direction. */
  readonly id: number;
  readonly target: string;
  readonly args: readonly unknown[];
  /** Milliseconds that the caller goes on waiting; absent for the limit in `hello`, 0 for none. */
  readonly timeoutMs?: number;
}

/** The answer to a call. */
export interface OkFrame {
  readonly type: "ok";
  readonly session: number;
  readonly id: number;
  readonly value?: unknown;
}

/** A call failed; with the id 0, the activation did. */
export interface ErrFrame {
  readonly type: "err";
  readonly session: number;
  readonly id: number;
  readonly thrown: EncodedThrown;
}

/** The caller no longer waits; no answer is needed. */
export interface CancelFrame {
  readonly type: "cancel";
  readonly session: number;
  readonly id: number;
  readonly reason: EncodedThrown;
}

/**
 * Something happened; nobody answers. From the host: `configuration`, `dependency`, `point`, `abort`, and on
 * session 0 `ping`. From a guest: `file`, `loaded`, and on session 0 `pong`.
 */
export interface EmitFrame {
  readonly type: "emit";
  readonly session: number;
  readonly event: string;
  readonly args: readonly unknown[];
}

/** A message of the extension's logger. */
export interface LogFrame {
  readonly type: "log";
  readonly session: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** The session ends: with `deactivate` in order and answered by `gone`, without at once and by nothing. */
export interface ByeFrame {
  readonly type: "bye";
  readonly session: number;
  readonly deactivate: boolean;
  /** Milliseconds that the host waits; 0 for no limit. */
  readonly timeoutMs: number;
}

/** The extension has deactivated; its code is still there until the host lets it go. */
export interface GoneFrame {
  readonly type: "gone";
  readonly session: number;
  /** What went wrong. */
  readonly thrown?: EncodedThrown;
  /** What it left behind, by kind. */
  readonly leftovers: Readonly<Record<string, number>>;
}

/** What the host and a guest say to each other. */
export type Frame =
  | HelloFrame
  | ReadyFrame
  | CallFrame
  | OkFrame
  | ErrFrame
  | CancelFrame
  | EmitFrame
  | LogFrame
  | ByeFrame
  | GoneFrame;
