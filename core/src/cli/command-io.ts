/**
 * The world as a command sees it: streams, environment and the wish to stop, handed in so that tests can
 * run a command inside their own process. Nothing under cli touches `process` except main.
 */
import type { Event, HostOptions } from "../index.js";

/** The part of a writable stream that output needs. @internal */
export interface OutputStream {
  write(text: string): boolean;
  once(event: "drain", listener: () => void): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
  readonly isTTY?: boolean;
  /** Whether the reader is behind; a `drain` tells when it has caught up. */
  readonly writableNeedDrain?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Why a command is asked to stop. @internal */
export type StopReason = "SIGINT" | "SIGTERM" | "SIGHUP" | "EPIPE";

/** The generation of an extension whose code runs in this process. @internal */
export interface CodeOwner {
  readonly id: string;
  readonly generation: number;
}

/** Something that code of an extension printed or threw past the host. @internal */
export interface StrayOutput {
  readonly level: "info" | "warn" | "error";
  readonly text: string;
  /** Whose code it was, as far as that can be told. */
  readonly owner?: CodeOwner | undefined;
  /** Where it was printed; absent for what was thrown. */
  readonly stream?: "stdout" | "stderr";
}

/** A piece of what something other than the command wrote to a standard stream. @internal */
export interface PrintedPiece {
  readonly stream: "stdout" | "stderr";
  readonly data: Uint8Array;
}

/** The standard streams of a command that shares them with nobody. @internal */
export interface OwnStreams {
  /** Resolves when it is written, rejects if nobody reads. */
  stdout(text: string): Promise<void>;
  stderr(text: string): void;
  /** Gives them back. */
  dispose(): void;
}

/** What a command reads, writes and obeys. @internal */
export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; paths in output are relative to it. */
  readonly cwd: string;
  /** Aborted when the command is to stop; the reason is a {@link StopReason}. */
  readonly signal: AbortSignal;
  /** What extensions print, and what they throw where nobody awaits it. */
  readonly onStrayOutput: Event<StrayOutput>;
  /** Runs code of an extension so that what it prints and throws, also later, is known to be its own. */
  readonly inProcessScope: NonNullable<HostOptions["inProcessScope"]>;
  /** From now on Ctrl-C is meant for whoever started the program, and stops nothing here. */
  ignoreInterrupts(): void;
  /**
   * Lets debuggers attach to the process; Node says on standard error where.
   *
   * @throws UsageError if nobody can listen on the port
   */
  openInspector(port: number): void;
  /** From now on what anything else writes to the standard streams is handed over instead of being written. */
  takeStreams(onPrinted: (piece: PrintedPiece) => void): OwnStreams;
}
