/**
 * The newest events of a host, bounded in number and size. Who reads it holds a place in it and nothing more: one who is
 * slow costs no memory, and finds that what he had not read is gone.
 */
import type { ControlEvent } from "./host-control.js";

/** Limits of what is kept. @internal */
export interface EventLogLimits {
  readonly events: number;
  /** Characters of their JSON. */
  readonly characters: number;
}

interface Entry {
  readonly event: ControlEvent;
  readonly characters: number;
}

/** Events by their sequence numbers, without gaps. @internal */
export class EventLog {
  readonly #limits: EventLogLimits;
  /** The oldest stands at `#start`. */
  #events: (Entry | undefined)[] = [];
  #start = 0;
  #characters = 0;
  #last: number;

  constructor(limits: EventLogLimits, last = 0) {
    this.#limits = limits;
    this.#last = last;
  }

  /** The number of the newest event. */
  get last(): number {
    return this.#last;
  }

  /** The number after which everything is kept. */
  get before(): number {
    return this.#last - (this.#events.length - this.#start);
  }

  /** Whether everything after that number is there. */
  holdsAfter(seq: number): boolean {
    return seq <= this.#last && seq >= this.before;
  }

  /** The event of that number, if it is still kept. */
  get(seq: number): ControlEvent | undefined {
    const index = this.#events.length - 1 - (this.#last - seq);
    return index < this.#start ? undefined : this.#events[index]?.event;
  }

  /** Adds the next; the oldest make room for it. */
  add(event: ControlEvent): void {
    const characters = JSON.stringify(event).length;
    this.#events.push({ event, characters });
    this.#last = event.seq;
    this.#characters += characters;
    while (
      this.#events.length - this.#start > this.#limits.events ||
      (this.#characters > this.#limits.characters && this.#events.length - this.#start > 1)
    ) {
      this.#characters -= this.#events[this.#start]?.characters ?? 0;
      this.#events[this.#start] = undefined;
      this.#start += 1;
    }
    // What is left behind is cut off when it is as long as what counts, so that each event is moved once at most.
    if (this.#start > 1_000 && this.#start * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
  }
}
