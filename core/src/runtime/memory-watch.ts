/**
 * Looks at the memory of all channels of a driver with one timer, and ends those that take more than they may: what
 * the engine limits is only their heaps. Invariant: no timer while there is nothing to watch.
 */
import type { Channel } from "@plugboard/extension-api";
import { mebibytesText } from "../common/mebibytes-text.js";

/** A channel that can be ended for what was done at its other end. @internal */
export interface WatchedChannel extends Pick<Channel, "memory"> {
  /** Settles when it is over. */
  readonly closed: Promise<unknown>;
  /** Ends it. The clause follows the name of what ran there. */
  fail(what: string): void;
}

const intervalMs = 200;

/** Holds channels to a limit of memory. @internal */
export class MemoryWatch {
  readonly #limitBytes: number;
  readonly #channels = new Set<WatchedChannel>();
  /** Those that have not answered yet: one whose thread is stuck may take long. */
  readonly #asked = new Set<WatchedChannel>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Watches the channel until it is closed. */
  add(channel: WatchedChannel): void {
    this.#channels.add(channel);
    this.#timer ??= setInterval(() => {
      for (const watched of this.#channels) void this.#look(watched);
    }, intervalMs).unref();
    void channel.closed.then(() => {
      this.#channels.delete(channel);
      if (this.#channels.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  async #look(channel: WatchedChannel): Promise<void> {
    if (this.#asked.has(channel)) return;
    this.#asked.add(channel);
    const bytes = await channel.memory();
    this.#asked.delete(channel);
    if (bytes === undefined || bytes <= this.#limitBytes) return;
    channel.fail(
      `was ended because it took ${mebibytesText(bytes)} of memory; its limit is ${mebibytesText(this.#limitBytes)}`,
    );
  }
}
