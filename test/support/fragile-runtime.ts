/**
 * A runtime whose sessions end, fall silent and recover when a test says so. It never reads the extension's
 * code: a greeter of it answers with its own id, the generation and the name it was given.
 */
import {
  ExtensionError,
  type ActivateRequest,
  type BusyPlace,
  type ExitReason,
  type Handler,
  type Runtime,
  type RuntimeSession,
  type StartRequest,
  type Unresponsive,
} from "@plugboard/core";

/** What a fragile session does that is not ordinary, by generation. */
export interface Fragility {
  /** What the start waits for. */
  readonly load?: (request: StartRequest) => Promise<void>;
  /** Whether calls are taken while `activate` runs. */
  readonly queuesCalls?: boolean;
  /** What `activate` waits for. */
  readonly activate?: (session: FragileSession, request: ActivateRequest) => Promise<void> | void;
  /** How calls are answered, in place of a greeting. */
  readonly answer?: (session: FragileSession, argument: unknown) => unknown;
  /** What happens while it is deactivated. */
  readonly deactivate?: (session: FragileSession) => void;
  /** What happens when it is let go, as often as that is. */
  readonly dispose?: (session: FragileSession) => void;
  /** What happens when it is asked what it left behind. */
  readonly leftovers?: (session: FragileSession) => void;
}

/** A runtime for tests of what happens when sessions end by themselves. */
export class FragileRuntime implements Runtime {
  readonly kind = "fragile";
  /** All sessions ever started, oldest first. */
  readonly sessions: FragileSession[] = [];
  readonly #fragility: Fragility;

  constructor(fragility: Fragility = {}) {
    this.#fragility = fragility;
  }

  async start(request: StartRequest): Promise<RuntimeSession> {
    await this.#fragility.load?.(request);
    const session = new FragileSession(request, this.#fragility);
    this.sessions.push(session);
    return session;
  }

  /** The newest session of the extension. */
  session(id: string): FragileSession {
    const session = this.sessions.findLast((one) => one.request.extension.id === id);
    if (session === undefined) throw new Error(`No session of ${id} was started.`);
    return session;
  }

  /** Those sessions of the extension that are not over. */
  alive(id: string): readonly FragileSession[] {
    return this.sessions.filter((one) => one.request.extension.id === id && one.exit === undefined);
  }
}

/** A session that ends when a test says so. */
export class FragileSession implements RuntimeSession {
  readonly request: StartRequest;
  readonly exports: Record<string, unknown> = {};
  readonly queuesCalls: boolean;
  /** Why it is over; undefined while it is not. */
  exit: ExitReason | undefined;
  /** Whether `activate` has settled well. */
  isActivated = false;
  #silentSince: number | undefined;
  #place: BusyPlace | undefined;
  readonly #fragility: Fragility;
  readonly #over = Promise.withResolvers<ExitReason>();
  readonly #listeners = new Set<() => void>();

  constructor(request: StartRequest, fragility: Fragility) {
    this.request = request;
    this.#fragility = fragility;
    this.queuesCalls = fragility.queuesCalls === true;
  }

  get generation(): number {
    return this.request.generation;
  }

  get exited(): Promise<ExitReason> {
    return this.#over.promise;
  }

  readonly health = {
    self: this as FragileSession,
    processId: 4_711,
    get unresponsive(): Unresponsive | undefined {
      return this.self.#unresponsive;
    },
    onDidChange: (listener: () => void) => {
      this.#listeners.add(listener);
      return { dispose: () => void this.#listeners.delete(listener) };
    },
    memory: () => Promise.resolve<number | undefined>(12_582_912),
  };

  /** How many listen to its health. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Ends as a process does that was killed. */
  crash(message = "it was killed by SIGKILL"): void {
    this.#end({ kind: "crashed", message });
  }

  /** Answers no more, busy at the place once that is known. */
  fallSilent(place?: BusyPlace): void {
    this.#silentSince ??= performance.now();
    this.#place = place;
    this.#tell();
  }

  /** Answers again. */
  recover(): void {
    this.#silentSince = undefined;
    this.#place = undefined;
    this.#tell();
  }

  async activate(request: ActivateRequest): ReturnType<RuntimeSession["activate"]> {
    await this.#fragility.activate?.(this, request);
    this.isActivated = true;
    return {
      supplied: request.contributions.map(({ point, id }) => ({ point, id })),
      findings: [],
      savesState: false,
      times: { call: 0, settle: 0 },
    };
  }

  handler(_point: string, id: string): Handler {
    return (argument) => {
      const { fault } = this;
      if (fault !== undefined) return Promise.reject(fault);
      if (this.#fragility.answer !== undefined) return this.#fragility.answer(this, argument);
      return `${id} ${this.generation}: ${String(argument)}`;
    };
  }

  async saveState(): Promise<undefined> {
    return undefined;
  }

  async deactivate(): Promise<void> {
    this.#fragility.deactivate?.(this);
  }

  dispose(): void {
    this.#end({ kind: "disposed", message: "asked for" });
    this.#fragility.dispose?.(this);
  }

  leftovers(): Readonly<Record<string, number>> {
    this.#fragility.leftovers?.(this);
    return {};
  }

  /** What a call gets that comes after the end, before the host has heard of it. */
  get fault(): ExtensionError | undefined {
    if (this.exit === undefined) return undefined;
    const { id } = this.request.extension;
    return new ExtensionError("EXTENSION_CRASHED", `${id} has ended.`, { extensionId: id });
  }

  get #unresponsive(): Unresponsive | undefined {
    if (this.#silentSince === undefined) return undefined;
    return { forMs: performance.now() - this.#silentSince, place: this.#place };
  }

  #end(exit: ExitReason): void {
    this.exit ??= exit;
    this.#over.resolve(exit);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
