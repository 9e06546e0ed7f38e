/**
 * What the host gives to whoever brings a runtime of programs: children that are looked after, lines of what they print,
 * and a heartbeat. The host's own process runtime is made of the same.
 */
import type { OutputLine, SessionHealth } from "./channel.js";

/** A program to start. @public */
export interface ChildOptions {
  /** Its absolute path, or a name that is looked for in the `PATH` of its environment. */
  readonly program: string;
  /** What it is started with; nothing unless given. */
  readonly args?: readonly string[];
  /** What it finds as its own name; `program` unless given. */
  readonly argv0?: string;
  /** Where it runs; in the extension's folder unless given. */
  readonly folder?: string;
  /**
   * All of its environment, unless nothing is given: then the variables that the extension was granted, and what a
   * program needs to start, `PATH` for one.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** How many pipes it gets beside its standard streams, from descriptor 3 on; none unless given. */
  readonly pipes?: number;
  /**
   * Is told each line that it prints, instead of the extension's log. There lines on standard output are logged as
   * `info` and others as `warn`, unless they begin with a level of their own, such as `[DEBUG]` or `ERROR:`.
   */
  readonly onLine?: (line: OutputLine) => void;
}

/** A pipe to a child, both ways: the part of Node's `Duplex` that frames need. @public */
export interface ChildPipe {
  /** Sends bytes; after the child's end it does nothing. */
  write(chunk: string | Uint8Array): boolean;
  /** Tells of bytes as they come. */
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  /** Tells that the child has closed its end. */
  on(event: "end", listener: () => void): unknown;
  /** Lets the child wait with sending. */
  pause(): unknown;
  /** Lets it send on. */
  resume(): unknown;
  /** Bytes that the child has not read yet. */
  readonly writableLength: number;
}

/** How a child ended. @public */
export interface ChildEnd {
  /** Its exit code; undefined if a signal ended it. */
  readonly code: number | undefined;
  /** The signal that ended it. */
  readonly signal: string | undefined;
  /** The rest of a sentence, such as `exited with code 1: ValueError: …` or `was ended because it took 600 MB of memory`. */
  readonly what: string;
}

/**
 * A program that runs, at the head of a group of its own processes. It never outlives the host, not even one that is
 * killed where the system has a shell; it is ended when the start that it was started for fails, or takes more memory
 * than the host's `limits.memoryBytes`. Whoever started it ends it in any other case.
 *
 * @public
 */
export interface Child {
  /** Its process id. */
  readonly processId: number;
  /** As many as were asked for. */
  readonly pipes: readonly ChildPipe[];
  /** Settles when it has ended: nothing of its group is left then, and its last lines have been told. */
  readonly exited: Promise<ChildEnd>;
  /** How it ended; undefined while it runs. */
  readonly end: ChildEnd | undefined;
  /** The last lines that it printed on the stream, the oldest first. */
  lastLines(stream: OutputLine["stream"]): readonly string[];
  /** Bytes of memory that it takes; undefined where nobody can tell, and after its end. */
  memory(): number | undefined;
  /** Ends it and its group at once, for what it did if that is given as the rest of a sentence. */
  kill(what?: string): void;
  /** Asks it to end, by `SIGTERM`, and ends it when it has not within the grace. Settles when it is gone. */
  terminate(options: { readonly graceMs: number }): Promise<void>;
}

/**
 * A folder for sockets and temporary files: nobody but this user can look into it, and its path leaves room for the names
 * of sockets. What a host that was killed has left is removed by the next one, which ends the child that it belongs to.
 *
 * @public
 */
export interface PrivateFolder {
  /** Absolute. */
  readonly path: string;
  /** Notes for the next host which child uses it. */
  belongsTo(child: Child): Promise<void>;
  /** Removes it with all that is in it. Never rejects. */
  remove(): Promise<void>;
}

/** Cuts bytes into lines, within the limits that hold for what a child prints. @public */
export interface LineCutter {
  /** Takes bytes as they come. */
  push(bytes: Uint8Array): void;
  /** Nothing more comes: tells what is left, also without an end of line. */
  end(): void;
}

/** How to find out whether something answers. @public */
export interface HeartbeatOptions {
  /** What runs it; undefined for something that another host started. */
  readonly child: Child | undefined;
  /** Asks for a sign of life. Whatever it resolves with is one; a rejection is none, and it is asked again. */
  readonly ping: () => Promise<unknown>;
}

/**
 * Looks whether something answers, only while calls wait for it: a ping when nothing was heard for a second, the mark
 * `unresponsive` after the host's `limits.unresponsiveMs`. A host that was busy itself marks nobody.
 *
 * @public
 */
export interface Heartbeat extends SessionHealth {
  /** A call has gone out. */
  begin(): void;
  /** Its answer came, whatever it says. */
  answered(): void;
  /** A part of an answer came. */
  heard(): void;
  /** Nothing is asked or told any more. */
  end(): void;
}
