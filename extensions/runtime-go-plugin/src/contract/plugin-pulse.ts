/**
 * Whether a plugin answers at all: asks for its health while a call has been waiting for long. Costs a call two
 * additions; one coarse timer looks, and rests when nothing is outstanding.
 */
import type { Disposable, Event, SessionHealth, Unresponsive } from "@plugboard/extension-api";
import { ProcessMemory } from "../process/process-memory.js";
import { GrpcError, grpcStatus } from "../wire/grpc-status.js";

/** What a pulse is made of. @internal */
export interface PulseOptions {
  readonly processId: number | undefined;
  /** Asks for a sign of life. A rejection is one as well, if the plugin said it. */
  readonly ping: () => Promise<unknown>;
  /** Is told of listeners that fail. */
  readonly report: (error: unknown) => void;
  /** Milliseconds that a call waits before a sign of life is asked for. */
  readonly pingAfterMs?: number;
  /** Milliseconds that a sign of life may take. */
  readonly unresponsiveMs?: number;
  readonly tickMs?: number;
}

/** How a plugin that answers calls is doing. @internal */
export class PluginPulse implements SessionHealth {
  readonly processId: number | undefined;
  readonly #options: Required<Omit<PulseOptions, "processId">>;
  readonly #listeners = new Set<() => void>();
  readonly #memory: ProcessMemory;
  #outstanding = 0;
  #timer: NodeJS.Timeout | undefined;
  #heardAt = 0;
  #askedAt: number | undefined;
  #isAsking = false;
  #lastTickAt = 0;
  #silentSince: number | undefined;
  #isEnded = false;

  constructor(options: PulseOptions) {
    this.processId = options.processId;
    this.#options = { pingAfterMs: 1_000, unresponsiveMs: 3_000, tickMs: 250, ...options };
    this.#memory = new ProcessMemory(options.processId);
  }

  get unresponsive(): Unresponsive | undefined {
    if (this.#silentSince === undefined) return undefined;
    return { forMs: performance.now() - this.#silentSince, place: undefined };
  }

  readonly onDidChange: Event<void> = (listener): Disposable => {
    const own = () => {
      listener();
    };
    this.#listeners.add(own);
    const dispose = () => {
      this.#listeners.delete(own);
    };
    return { dispose };
  };

  memory(): Promise<number | undefined> {
    return Promise.resolve(this.#memory.bytes());
  }

  /** A call has gone out. */
  begin(): void {
    this.#outstanding++;
    if (this.#timer === undefined) this.#start();
  }

  /** Its answer came: a sign of life, whatever it says. */
  heard(): void {
    this.#outstanding--;
    this.#becomeResponsive();
  }

  /** One of several messages came. */
  heardPart(): void {
    this.#becomeResponsive();
  }

  /** The plugin is over. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#stop();
    this.#memory.close();
    this.#listeners.clear();
  }

  #start(): void {
    if (this.#isEnded) return;
    this.#lastTickAt = performance.now();
    this.#heardAt = this.#lastTickAt;
    this.#timer = setInterval(() => {
      this.#tick();
    }, this.#options.tickMs).unref();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#askedAt = undefined;
  }

  #tick(): void {
    const { pingAfterMs, unresponsiveMs, tickMs } = this.#options;
    const now = performance.now();
    const wasAsleep = now - this.#lastTickAt > 3 * tickMs;
    this.#lastTickAt = now;
    if (this.#outstanding === 0 && this.#silentSince === undefined) {
      this.#stop();
      return;
    }
    // While the host itself was busy nothing could be heard: that is no fault of the plugin.
    if (wasAsleep && this.#askedAt !== undefined) this.#askedAt = now;
    if (this.#askedAt === undefined) {
      if (now - this.#heardAt < pingAfterMs) return;
      this.#askedAt = now;
    } else if (now - this.#askedAt >= unresponsiveMs && this.#silentSince === undefined) {
      this.#silentSince = this.#askedAt;
      this.#tell();
    }
    // A question may be given up long before it is answered; as long as an answer is wanted it is put again.
    if (!this.#isAsking) this.#ask();
  }

  #ask(): void {
    this.#isAsking = true;
    this.#options
      .ping()
      .catch((error: unknown) => {
        if (!isAnswer(error)) throw error;
      })
      .then(
        () => {
          this.#isAsking = false;
          this.#becomeResponsive();
        },
        () => {
          this.#isAsking = false;
        },
      );
  }

  #becomeResponsive(): void {
    if (this.#isEnded || this.#timer === undefined) return;
    this.#heardAt = this.#lastTickAt;
    this.#askedAt = undefined;
    if (this.#silentSince === undefined) return;
    this.#silentSince = undefined;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#options.report(error);
      }
    }
  }
}

/** Whether the plugin itself said no, rather than nothing at all. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof GrpcError)) return false;
  const { CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE } = grpcStatus;
  return !new Set<number>([CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE]).has(error.status);
}
