/**
 * Opens channels to worker threads. A thread contains crashes, loops and memory, as long as the engine can interrupt
 * what runs there; it is no boundary of trust: what runs there can do whatever the host's process can.
 */
import { totalmem } from "node:os";
import { Worker, type ResourceLimits } from "node:worker_threads";
import {
  ExtensionError,
  type BusyPlace,
  type Channel,
  type ChannelDriver,
  type ConnectRequest,
  type ExitReason,
  type Frame,
} from "@plugboard/extension-api";
import { mebibytesText } from "../../common/mebibytes-text.js";
import { packFrames, unpackFrames } from "../../protocol/packed-frames.js";
import { MemoryWatch } from "../memory-watch.js";
import { transformProgram } from "../transform/child-transformer.js";
import { tellLines } from "../child/tell-lines.js";
import { findBusyPlace } from "./find-busy-place.js";
import type { WorkerSetup } from "./worker-main.js";
import { ownProgram } from "../../common/own-files.js";

/** What worker threads may use. @internal */
export interface WorkerDriverOptions {
  /** Bytes of memory of a thread, heap and buffers together. */
  readonly memoryBytes: number;
  /** Packages that the application gives to every extension: where they are, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Opens channels to worker threads. @internal */
export class WorkerDriver implements ChannelDriver {
  readonly #options: WorkerDriverOptions;
  readonly #memory: MemoryWatch;

  constructor(options: WorkerDriverOptions) {
    this.#options = options;
    this.#memory = new MemoryWatch(options.memoryBytes);
  }

  spareKey({ environment }: Omit<ConnectRequest, "onOutput">): string {
    return JSON.stringify(environment);
  }

  connect(request: ConnectRequest, { signal }: { readonly signal: AbortSignal }): Promise<Channel> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const { memoryBytes, packages } = this.#options;
    const setup: WorkerSetup = { packages, transformProgram: transformProgram() };
    const resourceLimits: ResourceLimits = { maxOldGenerationSizeMb: heapLimitMb(memoryBytes) };
    let worker: Worker;
    try {
      worker = new Worker(ownProgram("worker-main"), {
        stdout: true,
        stderr: true,
        env: { ...request.environment },
        execArgv: ["--no-warnings"],
        resourceLimits,
        workerData: setup,
        name: "plugboard",
      });
    } catch (cause) {
      return Promise.reject(
        new ExtensionError("RUNTIME_START_FAILED", "The worker thread could not be started.", {
          extensionId: request.extension.id,
          cause,
        }),
      );
    }
    const channel = new WorkerChannel(worker, memoryBytes);
    this.#memory.add(channel);
    tellLines(worker.stdout, "stdout", request.onOutput);
    tellLines(worker.stderr, "stderr", request.onOutput);
    return Promise.resolve(channel);
  }
}

/**
 * The engine's own limit, in MiB. Where that is reached by more than a little at once, by a map that grows or a large
 * array, the engine ends the whole process; so it is set far above, and it is the watch that ends the thread.
 */
function heapLimitMb(memoryBytes: number): number {
  const headroomBytes = Math.min(2 ** 31, totalmem() / 2);
  return Math.ceil((memoryBytes + headroomBytes) / 2 ** 20);
}

/** A channel to a worker thread. The thread is on its way when it is made; what is sent at once waits there. */
class WorkerChannel implements Channel {
  readonly closed: Promise<ExitReason>;
  readonly processId = undefined;
  /** A thread has the rights of the host. */
  readonly readable = "everything";
  readonly #worker: Worker;
  #end: ExitReason | undefined;

  constructor(worker: Worker, memoryBytes: number) {
    this.#worker = worker;
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.closed = promise;
    worker.on("error", (error: unknown) => {
      this.#end ??= { kind: "crashed", message: describe(error, memoryBytes) };
    });
    worker.on("messageerror", (error) => {
      this.fail(`was ended because it sent what can't be read: ${error.message}`);
    });
    worker.once("exit", (code) => {
      resolve(this.#end ?? { kind: "crashed", message: `The thread exited with code ${String(code)}.` });
    });
  }

  send(frames: readonly Frame[], transfer: readonly ArrayBuffer[]): void {
    const packed = packFrames(frames);
    // Even an empty list of what moves along costs as much as a small frame.
    if (transfer.length === 0) this.#worker.postMessage(packed);
    else this.#worker.postMessage(packed, transfer);
  }

  receive(listener: (frames: readonly Frame[]) => void): void {
    this.#worker.on("message", (packed: unknown) => {
      // What is no list is no frame either, and told as such.
      listener(unpackFrames(Array.isArray(packed) ? packed : [packed]));
    });
  }

  close(): void {
    this.#end ??= { kind: "disposed", message: "The thread was ended." };
    void this.#worker.terminate();
  }

  async memory(): Promise<number | undefined> {
    if (this.#end !== undefined) return undefined;
    try {
      const { total_physical_size: heap, external_memory: external } = await this.#worker.getHeapStatistics();
      return heap + external;
    } catch {
      // It ended meanwhile.
      return undefined;
    }
  }

  busyPlace(): Promise<BusyPlace | undefined> {
    return findBusyPlace(this.#worker.threadId);
  }

  /** Ends it for what it did; the clause follows "The thread". */
  fail(what: string): void {
    this.#end ??= { kind: "crashed", message: `The thread ${what}.` };
    void this.#worker.terminate();
  }
}

function describe(error: unknown, memoryBytes: number): string {
  if (!(error instanceof Error)) return `Uncaught in the thread: ${String(error)}.`;
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return `The thread ran out of memory: its heap may take ${mebibytesText(memoryBytes)}.`;
  return `Uncaught in the thread: ${error.stack ?? error.message}`;
}
