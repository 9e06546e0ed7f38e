/**
 * What a host gives to whoever brings a runtime, the same for all of them: children in turn, sessions over channels,
 * heartbeats and lines. Invariant: nothing that was started for a start is left when that start has failed.
 */
import {
  ExtensionError,
  type Channel,
  type Child,
  type ChildOptions,
  type Heartbeat,
  type HeartbeatOptions,
  type Logger,
  type LogLevel,
  type OutputLine,
  type PrivateFolder,
  type RuntimeSession,
  type StartRequest,
} from "@plugboard/extension-api";
import type { Children } from "./child/children.js";
import { PrivateFolders } from "./child/private-folders.js";
import { sweepLeftovers, type Sweep } from "./child/sweep.js";
import { CallHeartbeat } from "./heartbeat.js";
import { MemoryWatch } from "./memory-watch.js";
import { openSession, type SessionTerms } from "./open-session.js";
import type { StartSemaphore } from "./start-semaphore.js";

/** What it is made of. @internal */
export interface RuntimeKitOptions {
  readonly terms: SessionTerms;
  /** Bytes that what answers over a channel may take. */
  readonly memoryBytes: number;
  readonly starts: StartSemaphore;
  readonly children: Children;
  /** Is told what a killed host left behind, when it is removed. */
  readonly onSweep: (sweep: Sweep) => void;
}

/** What drivers are given. @internal */
export class RuntimeKit {
  /** Lets only so many start at once. */
  readonly starts: StartSemaphore;
  readonly #options: RuntimeKitOptions;
  readonly #memory: MemoryWatch;
  readonly #folders = new PrivateFolders();
  #sweeping: Promise<void> | undefined;

  constructor(options: RuntimeKitOptions) {
    this.#options = options;
    this.starts = options.starts;
    this.#memory = new MemoryWatch(options.memoryBytes);
  }

  openSession(request: StartRequest, channel: Channel): RuntimeSession {
    return openSession(request, channel, this.#options.terms, this.#memory);
  }

  heartbeat(options: HeartbeatOptions): Heartbeat {
    const { patience, report } = this.#options.terms;
    return new CallHeartbeat(options, patience, report);
  }

  /** Makes a folder; the first one has what a killed host left behind looked for. */
  async createFolder({ extension }: StartRequest): Promise<PrivateFolder> {
    this.#sweeping ??= this.#sweep();
    try {
      return await this.#folders.create();
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      const hint = "Let TMPDIR name a folder in which files can be made.";
      const what = `There is no place for temporary files of ${extension.id}: ${cause.message}.`;
      throw new ExtensionError("RUNTIME_START_FAILED", `${what} ${hint}`, {
        extensionId: extension.id,
        details: { hint },
        cause,
      });
    }
  }

  /** Settles when nothing is done any more that was begun here. */
  async dispose(): Promise<void> {
    await this.#sweeping;
    await this.#options.children.dispose();
  }

  async #sweep(): Promise<void> {
    try {
      const sweep = await sweepLeftovers(await this.#folders.root());
      if (sweep.removed.length > 0) this.#options.onSweep(sweep);
    } catch (error) {
      this.#options.terms.report(error);
    }
  }

  /** Starts a child at once; whose turn it is was decided before. */
  async startChild(request: StartRequest, options: ChildOptions): Promise<Child> {
    const { program, args = [], argv0, folder = request.extension.path, pipes = 0 } = options;
    const { onLine = logged(request) } = options;
    const environment = options.environment ?? {
      ...needed(process.env),
      ...this.#options.terms.environment(request),
    };
    try {
      return await this.#options.children.start({ program, args, argv0, folder, environment, pipes, onLine });
    } catch (error) {
      throw startFailed(request.extension.id, program, error as NodeJS.ErrnoException);
    }
  }
}

/** What programs look for other programs by, and on Windows what they don't start without. */
const neededNames =
  process.platform === "win32"
    ? ["PATH", "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT"]
    : ["PATH"];

function needed(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    neededNames.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function startFailed(extensionId: string, program: string, cause: NodeJS.ErrnoException): ExtensionError {
  const hint = cause.code === undefined ? undefined : hints[cause.code];
  const what = `The program ${program}, which is to run ${extensionId}, could not be started: ${cause.message}.`;
  return new ExtensionError("RUNTIME_START_FAILED", hint === undefined ? what : `${what} ${hint}`, {
    extensionId,
    details: { program, ...(hint === undefined ? {} : { hint }) },
    cause,
  });
}

const hints: Readonly<Record<string, string>> = {
  EACCES: "Make it executable, in a folder where programs may be run.",
  ENOENT: "Install it, or see that it is in the PATH of the application.",
  ENOEXEC: "Its format is none that this system runs: build it for this machine.",
};

function logged(request: StartRequest): (line: OutputLine) => void {
  return ({ stream, text }) => {
    const logger: Logger = request.logger;
    logger[levelOf(text) ?? (stream === "stdout" ? "info" : "warn")](text, { stream });
  };
}

const levels: Readonly<Record<string, LogLevel>> = {
  TRACE: "debug",
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  WARNING: "warn",
  ERROR: "error",
  CRITICAL: "error",
  FATAL: "error",
};

/** The level that a line begins with, as loggers of many languages write it: `[DEBUG]`, `WARNING:root:…`. */
function levelOf(text: string): LogLevel | undefined {
  const [, bracketed, plain = ""] = /^(?:\[([A-Z]+)\]|([A-Z]+):)/.exec(text) ?? [];
  const name = bracketed ?? plain;
  return Object.hasOwn(levels, name) ? levels[name] : undefined;
}
