/** How what runs at the other end of a channel is doing, for all sessions that share it. */
import type { Channel, SessionHealth, Unresponsive } from "@plugboard/extension-api";
import { EventEmitter } from "../common/event-emitter.js";

/** How the other end of a channel is doing. @internal */
export class LinkHealth implements SessionHealth {
  readonly onDidChange: SessionHealth["onDidChange"];
  readonly processId: number | undefined;
  readonly #channel: Pick<Channel, "processId" | "memory" | "busyPlace">;
  readonly #report: (error: unknown) => void;
  readonly #changed: EventEmitter<void>;
  #unresponsive: Unresponsive | undefined;
  #since = 0;

  constructor(
    channel: Pick<Channel, "processId" | "memory" | "busyPlace">,
    report: (error: unknown) => void,
  ) {
    this.#channel = channel;
    this.#report = report;
    this.processId = channel.processId;
    this.#changed = new EventEmitter(report);
    this.onDidChange = this.#changed.event;
  }

  get unresponsive(): Unresponsive | undefined {
    if (this.#unresponsive === undefined) return undefined;
    return { ...this.#unresponsive, forMs: performance.now() - this.#since };
  }

  memory(): Promise<number | undefined> {
    return this.#channel.memory();
  }

  /** It has not answered for so long; the place is looked for once. */
  becomeUnresponsive(forMs: number): void {
    if (this.#unresponsive !== undefined) return;
    this.#since = performance.now() - forMs;
    const mark: Unresponsive = { forMs, place: undefined };
    this.#unresponsive = mark;
    this.#changed.fire();
    this.#channel.busyPlace().then(
      (place) => {
        if (place === undefined || this.#unresponsive !== mark) return;
        this.#unresponsive = { forMs, place };
        this.#changed.fire();
      },
      (error: unknown) => {
        this.#report(error);
      },
    );
  }

  /** It has given a sign of life. */
  becomeResponsive(): void {
    if (this.#unresponsive === undefined) return;
    this.#unresponsive = undefined;
    this.#changed.fire();
  }
}
