/** A pulse for those who answer calls in a way of their own, and are asked for a sign of life in a way of their own. */
import type {
  Child,
  Heartbeat,
  HeartbeatOptions,
  SessionHealth,
  Unresponsive,
} from "@plugboard/extension-api";
import { LinkHealth } from "./link-health.js";
import { Pulse, type Patience } from "./pulse.js";

/** Time until a question that was given up is put again. */
const askAgainMs = 250;

/** A heartbeat of a child, or of something that is none. @internal */
export class CallHeartbeat implements Heartbeat {
  readonly onDidChange: SessionHealth["onDidChange"];
  readonly processId: number | undefined;
  readonly #child: Child | undefined;
  readonly #ping: HeartbeatOptions["ping"];
  readonly #health: LinkHealth;
  readonly #pulse: Pulse;
  #outstanding = 0;
  #isAsking = false;
  #isEnded = false;
  #again: NodeJS.Timeout | undefined;

  constructor({ child, ping }: HeartbeatOptions, patience: Patience, report: (error: unknown) => void) {
    this.#child = child;
    this.#ping = ping;
    this.processId = child?.processId;
    const busyPlace = () => Promise.resolve(undefined);
    this.#health = new LinkHealth(
      { processId: this.processId, memory: () => this.memory(), busyPlace },
      report,
    );
    this.onDidChange = this.#health.onDidChange;
    this.#pulse = new Pulse({
      patience,
      outstanding: () => this.#outstanding,
      ping: () => {
        if (!this.#isAsking) this.#ask();
      },
      health: this.#health,
    });
  }

  get unresponsive(): Unresponsive | undefined {
    return this.#isEnded ? undefined : this.#health.unresponsive;
  }

  memory(): Promise<number | undefined> {
    return Promise.resolve(this.#isEnded ? undefined : this.#child?.memory());
  }

  begin(): void {
    this.#outstanding++;
    if (!this.#isEnded) this.#pulse.start();
  }

  answered(): void {
    this.#outstanding--;
    this.#pulse.heard();
  }

  heard(): void {
    this.#pulse.heard();
  }

  end(): void {
    this.#isEnded = true;
    clearTimeout(this.#again);
    this.#pulse.stop();
  }

  #ask(): void {
    this.#isAsking = true;
    this.#ping().then(
      () => {
        this.#isAsking = false;
        this.#pulse.heard();
      },
      () => {
        // A question may be given up long before it is answered.
        this.#again = setTimeout(() => {
          this.#isAsking = false;
          if (this.#pulse.isAsking) this.#ask();
        }, askAgainMs).unref();
      },
    );
  }
}
