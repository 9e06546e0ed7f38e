/**
 * A session whose plugin is asked to end once its extension has deactivated, instead of only being killed: what Go code
 * has put off until its end still runs then. In everything else it is the session that it wraps.
 */
import type {
  ActivateRequest,
  ActivateResult,
  CallContext,
  ExitReason,
  Handler,
  RuntimeSession,
  SavedState,
  SessionHealth,
} from "@plugboard/extension-api";
import type { ConnectedPlugin } from "./connected-plugin.js";

/** Wraps the session of a plugin. @internal */
export class StoppingSession implements RuntimeSession {
  readonly #session: RuntimeSession;
  readonly #plugin: Pick<ConnectedPlugin, "stop">;

  constructor(session: RuntimeSession, plugin: Pick<ConnectedPlugin, "stop">) {
    this.#session = session;
    this.#plugin = plugin;
  }

  get exports(): Readonly<Record<string, unknown>> {
    return this.#session.exports;
  }

  get exited(): Promise<ExitReason> {
    return this.#session.exited;
  }

  get isLoaded(): boolean {
    return this.#session.isLoaded ?? true;
  }

  get queuesCalls(): boolean {
    return this.#session.queuesCalls ?? false;
  }

  get gaps(): readonly string[] {
    return this.#session.gaps ?? [];
  }

  // Whether there is any can be asked only once: the host takes its absence for an answer.
  get health(): SessionHealth {
    return this.#session.health as SessionHealth;
  }

  activate(request: ActivateRequest): Promise<ActivateResult> {
    return this.#session.activate(request);
  }

  handler(point: string, id: string, method: string): Handler | undefined {
    return this.#session.handler(point, id, method);
  }

  saveState(context: CallContext): Promise<SavedState | undefined> {
    return this.#session.saveState(context);
  }

  async deactivate(context: CallContext): Promise<void> {
    try {
      await this.#session.deactivate(context);
    } finally {
      await this.#plugin.stop();
    }
  }

  dispose(): void {
    this.#session.dispose();
  }

  leftovers(): Readonly<Record<string, number>> {
    return this.#session.leftovers();
  }
}
