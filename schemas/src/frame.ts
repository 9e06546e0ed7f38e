/** Generated from frame.schema.json by `npm run generate -w @plugboard/schemas`. Do not edit. */

/** The number of arguments of a method. */
export type FrameArity = number | "variadic";

/** Methods by name. */
export type FrameMethods = Readonly<Record<string, FrameArity>>;

/** An error as it crosses a channel: nothing of it is lost but its class. */
export interface EncodedError {
  /** `ExtensionError`, `TypeError` and so on. */
  readonly name: string;
  /** What it says. */
  readonly message: string;
  /** The code of an ExtensionError, or whatever its thrower put there. */
  readonly code?: string | number;
  /** Whether it is an ExtensionError. */
  readonly isExtensionError?: boolean;
  /** The extension that an ExtensionError names. */
  readonly extensionId?: string;
  /** The details of an ExtensionError; of another error, the data that its thrower added. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Where it was thrown. Only if the host allows it. */
  readonly stack?: string;
  /** What led to it. */
  readonly cause?: EncodedThrown;
  /** The errors of an AggregateError. */
  readonly errors?: readonly EncodedThrown[];
}

/** Whatever was thrown: an error, or any other value. */
export type EncodedThrown =
  | {
      /** The error. */
      readonly error: EncodedError;
    }
  | {
      /** The value. */
      readonly value: unknown;
    };

/** The exports of an extension: functions by name, everything else by value. */
export interface ExportDescriptor {
  /** Names of those that can be called. */
  readonly functions: readonly string[];
  /** The others, by name. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A line of a live collection. */
export interface CollectionLine {
  /** The contribution's id. */
  readonly id: string;
  /** Who contributes it. */
  readonly extensionId: string;
  /** The generation that serves it. */
  readonly generation: number;
  /** What the manifest says of it. */
  readonly item: Readonly<Record<string, unknown>>;
}

/**
 * Everything that a guest must know to load and activate an extension; the first frame of a
 * session.
 */
export interface HelloFrame {
  /** The kind of frame. */
  readonly type: "hello";
  /** Chosen by the host, never used again on the channel. */
  readonly session: number;
  /** The version of what is said here. */
  readonly protocol: 1;
  /** Whose code it is. */
  readonly extension: {
    /** Its id. */
    readonly id: string;
    /** Its version. */
    readonly version: string;
    /** Its folder, an absolute path. */
    readonly path: string;
  };
  /** The generation that it becomes. */
  readonly generation: number;
  /** The entry file, relative to the extension's folder. */
  readonly main: string;
  /** All that it may load, where only what was trusted may run. */
  readonly trusted?: readonly {
    /** Its path from the folder, with `/`. */
    readonly path: string;
    /** The SHA-256 of its content, in hexadecimal. */
    readonly sha256: string;
  }[];
  /** The manifest's `runtime` in its long form. */
  readonly runtime: Readonly<Record<string, unknown>>;
  /** What it may supply, and must. */
  readonly contributions: readonly {
    /** The point's id. */
    readonly point: string;
    /** The id under which it is supplied. */
    readonly id: string;
    /** The methods it must have. */
    readonly methods: FrameMethods;
  }[];
  /** The host services that it may call. */
  readonly services: readonly {
    /** The token's id. */
    readonly id: string;
    /** The methods that can be called. */
    readonly methods: FrameMethods;
  }[];
  /** Ids of services that the application offers and the manifest does not list. */
  readonly undeclaredServices: readonly string[];
  /** The extensions that it depends on. */
  readonly dependencies: readonly {
    /** Its id. */
    readonly id: string;
    /** Whether it comes and goes. */
    readonly kind: "required" | "optional";
    /** What it exports; absent while an optional one is not active. */
    readonly exports?: ExportDescriptor;
  }[];
  /** Points that the extension opens, with what is contributed to them now. */
  readonly points: readonly {
    /** Its id. */
    readonly id: string;
    /** The methods of its contributions. */
    readonly methods: FrameMethods;
    /** What is contributed to it. */
    readonly lines: readonly CollectionLine[];
  }[];
  /** Settings by name. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What the generation before handed over. */
  readonly state?: {
    /** The version that its author gave it. */
    readonly version: number;
    /** The state. */
    readonly value: unknown;
  };
  /** Limits of calls. */
  readonly limits: {
    /** Milliseconds of a call without a limit of its own; 0 for none. */
    readonly callMs: number;
    /** Bytes of arguments, and of a result. */
    readonly callBytes: number;
  };
  /** Names of the environment variables that it may see, with their values. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether errors take their stacks along. */
  readonly withStacks: boolean;
  /** A session of the same channel whose code is to be used again as it was loaded. */
  readonly reuse?: number;
}

/** The extension is active: all that it registered, at once. */
export interface ReadyFrame {
  /** The kind of frame. */
  readonly type: "ready";
  /** The session that it belongs to. */
  readonly session: number;
  /** What was supplied with every method its point asks for. */
  readonly supplied: readonly {
    /** The point's id. */
    readonly point: string;
    /** The contribution's id. */
    readonly id: string;
  }[];
  /** What is wrong with what was supplied, or was not. */
  readonly findings: readonly {
    /** What is wrong. */
    readonly code: "CONTRIBUTION_MISSING" | "CONTRIBUTION_INCOMPLETE";
    /** The point's id. */
    readonly point: string;
    /** The contribution's id. */
    readonly id: string;
    /** The same in words. */
    readonly message: string;
  }[];
  /** Whether the extension hands over state. */
  readonly savesState: boolean;
  /** What `activate` returned. */
  readonly exports: ExportDescriptor;
  /** Milliseconds. */
  readonly times: {
    /** To load the code. */
    readonly load: number;
    /** Until `activate` returned. */
    readonly call: number;
    /** From there until it settled. */
    readonly settle: number;
  };
}

/** Calls something of the other side. */
export interface CallFrame {
  /** The kind of frame. */
  readonly type: "call";
  /** The session that it belongs to. */
  readonly session: number;
  /** From 1, chosen by the caller, one count per session and direction. */
  readonly id: number;
  /**
   * What is called. Targets of a guest are `contribution/<point>/<id>/<method>`, `export/<name>` and
   * `hook/saveState`; targets of the host are `service/<id>/<method>`, `dependency/<id>/<name>`,
   * `storage/<method>`, `secrets/<method>` and `point/<point>/<id>/<method>`.
   */
  readonly target: string;
  /** The arguments. */
  readonly args: readonly unknown[];
  /** Milliseconds that the caller goes on waiting; absent for the limit in `hello`, 0 for none. */
  readonly timeoutMs?: number;
}

/** The answer to a call. */
export interface OkFrame {
  /** The kind of frame. */
  readonly type: "ok";
  /** The session that it belongs to. */
  readonly session: number;
  /** The call's id. */
  readonly id: number;
  /** What the call gave; absent for undefined. */
  readonly value?: unknown;
}

/** A call failed; with the id 0, the activation did. */
export interface ErrFrame {
  /** The kind of frame. */
  readonly type: "err";
  /** The session that it belongs to. */
  readonly session: number;
  /** The call's id, or 0. */
  readonly id: number;
  /** What was thrown. */
  readonly thrown: EncodedThrown;
}

/** The caller no longer waits; no answer is needed. */
export interface CancelFrame {
  /** The kind of frame. */
  readonly type: "cancel";
  /** The session that it belongs to. */
  readonly session: number;
  /** The call's id. */
  readonly id: number;
  /** Why. */
  readonly reason: EncodedThrown;
}

/** Something happened; nobody answers. */
export interface EmitFrame {
  /** The kind of frame. */
  readonly type: "emit";
  /** The session that it belongs to; 0 for the channel as a whole. */
  readonly session: number;
  /**
   * What happened. From the host: `configuration`, `dependency`, `point`, `abort`, and on session 0
   * `ping`. From a guest: `file`, `loaded`, and on session 0 `pong`.
   */
  readonly event: string;
  /** What there is to say of it. */
  readonly args: readonly unknown[];
}

/** A message of the extension's logger. */
export interface LogFrame {
  /** The kind of frame. */
  readonly type: "log";
  /** The session that it belongs to. */
  readonly session: number;
  /** How grave it is. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** The text. */
  readonly message: string;
  /** Data beside the text. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/**
 * The session ends: with `deactivate` in order and answered by `gone`, without at once and by
 * nothing.
 */
export interface ByeFrame {
  /** The kind of frame. */
  readonly type: "bye";
  /** The session that it belongs to. */
  readonly session: number;
  /** Whether the extension is deactivated first. */
  readonly deactivate: boolean;
  /** Milliseconds that the host waits; 0 for no limit. */
  readonly timeoutMs: number;
}

/** The extension has deactivated; its code is still there until the host lets it go. */
export interface GoneFrame {
  /** The kind of frame. */
  readonly type: "gone";
  /** The session that it belongs to. */
  readonly session: number;
  /** What went wrong. */
  readonly thrown?: EncodedThrown;
  /** What it left behind, by kind. */
  readonly leftovers: Readonly<Record<string, number>>;
}

/**
 * What the host and a guest say to each other over a channel, one frame each. Values that stand
 * for data of extensions may be anything that structured clone carries. A field that is not
 * described here is left alone.
 */
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
