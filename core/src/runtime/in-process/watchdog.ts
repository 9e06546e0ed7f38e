/**
 * Notices that code which runs in the host's own process keeps everything from going on, and names it. It can't end
 * it: nothing but the end of the process can. A thread of its own watches a counter that the host's event loop moves.
 */
import { url as debuggerUrl } from "node:inspector";
import { sep } from "node:path";
import { Worker } from "node:worker_threads";
import type { BusyPlace, Event, SessionHealth, Unresponsive } from "@plugboard/extension-api";
import { EventEmitter } from "../../common/event-emitter.js";
import { lookBehind } from "../../common/look-at.js";
import { ownProgram } from "../../common/own-files.js";
import {
  beatEveryMs,
  beatIndex,
  debuggedIndex,
  type Blockage,
  type WatchdogSetup,
} from "./watched-thread.js";

/** What a watchdog is told. @internal */
export interface WatchdogOptions {
  /** Milliseconds without a turn of the event loop that are too many. */
  readonly limitMs: number;
  /** Whether the thread says so on standard error while nobody else can say anything. */
  readonly printsAtOnce: boolean;
  /** Is told afterwards of what can be blamed on no extension. */
  readonly warn: (message: string) => void;
  /** Is told what a listener threw. */
  readonly report: (error: unknown) => void;
}

/** Watches the host's own event loop. @internal */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #watched = new Set<WatchedHealth>();
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
  }

  /** The health of an extension that runs here, until it is over. */
  watch(folder: string, over: Promise<unknown>): SessionHealth {
    this.#start();
    const health = new WatchedHealth(folder, this.#options.report);
    this.#watched.add(health);
    void over.then(() => {
      this.#watched.delete(health);
    });
    return health;
  }

  /** Stops watching. */
  async dispose(): Promise<void> {
    clearInterval(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): void {
    if (this.#worker !== undefined) return;
    const { limitMs, printsAtOnce } = this.#options;
    const setup: WatchdogSetup = { shared: this.#shared, limitMs, printsAtOnce };
    this.#worker = new Worker(ownProgram("watchdog-main"), {
      workerData: setup,
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: 32 },
      name: "plugboard watchdog",
    });
    this.#worker.unref();
    this.#worker.on("message", (blockage: Blockage) => {
      this.#tell(blockage);
    });
    this.#worker.on("error", this.#options.report);
    this.#timer = setInterval(() => {
      // A person who looks at a breakpoint is not to be disturbed.
      this.#shared[debuggedIndex] = debuggerUrl() === undefined ? 0 : 1;
      Atomics.add(this.#shared, beatIndex, 1);
    }, beatEveryMs).unref();
  }

  /** The host goes on: now it can be told what happened. */
  #tell({ forMs, place }: Blockage): void {
    const culprits = [...this.#watched].filter((health) => place !== undefined && health.holds(place.file));
    for (const culprit of culprits) culprit.wasUnresponsive(forMs, place);
    if (culprits.length > 0) return;
    const where = place === undefined ? "" : `; it was busy in ${place.file}:${String(place.line)}`;
    this.#options.warn(`The host did nothing else for ${String(forMs)} ms${where}.`);
  }
}

/** The health of an extension in this process: it is told only when it is over. */
class WatchedHealth implements SessionHealth {
  readonly processId = undefined;
  readonly onDidChange: Event<void>;
  readonly #folder: string;
  readonly #changed: EventEmitter<void>;
  unresponsive: Unresponsive | undefined;

  constructor(folder: string, report: (error: unknown) => void) {
    this.#folder = folder;
    this.#changed = new EventEmitter(report);
    this.onDidChange = this.#changed.event;
  }

  holds(file: string): boolean {
    return (
      file.startsWith(this.#folder + sep) ||
      file.startsWith((lookBehind(this.#folder).found ?? this.#folder) + sep)
    );
  }

  wasUnresponsive(forMs: number, place: BusyPlace | undefined): void {
    this.unresponsive = { forMs, place };
    this.#changed.fire();
    this.unresponsive = undefined;
    this.#changed.fire();
  }

  /** It is the host's own. */
  memory(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
