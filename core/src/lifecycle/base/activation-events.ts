/**
 * Which extension waits for which event, and which events have already happened. An extension that comes
 * after its event is told of it; events that a call implies are not remembered.
 */

const rememberedEvents = 10_000;

/**
 * Questions that are answered by looking through everybody's events. A start asks two, and an index of them
 * all costs many times that.
 */
const questionsBeforeIndex = 2;

type Listeners = string | Set<string>;

/** Somebody who waits for events. @internal */
export interface EventListener {
  /** May name an event twice. */
  readonly events: readonly string[];
  /** Whether the event is one of them, or fits one. */
  waitsFor(event: string): boolean;
}

/** Events, those who wait for them, and those that happened. @internal */
export class ActivationEvents {
  readonly #listeners = new Map<string, EventListener>();
  /** Made when it begins to pay, and kept up to date from then on. */
  #index: EventIndex | undefined;
  #questions = 0;
  /** Oldest first. */
  readonly #happened = new Set<string>();

  /** Replaces the events that the extension waits for. */
  listen(id: string, listener: EventListener): void {
    this.#listeners.set(id, listener);
    this.#index?.deleteListener(id);
    this.#index?.addListener(id, listener.events);
  }

  /** Forgets what the extension waits for. */
  forget(id: string): void {
    this.#index?.deleteListener(id);
    this.#listeners.delete(id);
  }

  /** The events that the extension waits for. */
  of(id: string): readonly string[] {
    return [...new Set(this.#listeners.get(id)?.events)];
  }

  /** The extensions that wait for the event. */
  listeners(event: string): ReadonlySet<string> {
    if (this.#index === undefined && this.#questions++ < questionsBeforeIndex)
      return this.#lookThrough(event);
    if (this.#index === undefined) {
      this.#index = new EventIndex();
      for (const [id, { events }] of this.#listeners) this.#index.addListener(id, events);
    }
    return this.#index.listeners(event);
  }

  /** Remembers that the event happened. */
  remember(event: string): void {
    this.#happened.delete(event);
    this.#happened.add(event);
    if (this.#happened.size <= rememberedEvents) return;
    for (const oldest of this.#happened) {
      this.#happened.delete(oldest);
      break;
    }
  }

  /** An event that the extension waits for and that has already happened. */
  missed(id: string): string | undefined {
    if (this.#happened.size === 0) return undefined;
    for (const event of this.of(id)) {
      const happened = this.happened(event);
      if (happened !== undefined) return happened;
    }
    return undefined;
  }

  /** An event that is remembered and that the pattern stands for. */
  happened(pattern: string): string | undefined {
    if (!pattern.endsWith(":*")) return this.#happened.has(pattern) ? pattern : undefined;
    const prefix = pattern.slice(0, -1);
    for (const happened of this.#happened) if (happened.startsWith(prefix)) return happened;
    return undefined;
  }

  #lookThrough(event: string): ReadonlySet<string> {
    const ids = new Set<string>();
    this.#listeners.forEach((listener, id) => {
      if (listener.waitsFor(event)) ids.add(id);
    });
    return ids;
  }
}

/** An index of those who wait for an event, by its name. */
class EventIndex {
  /** A lone listener, as nearly all are, is not worth a set. */
  readonly #listeners = new Map<string, Listeners>();
  /** By what stands before the asterisk of a trailing `:*`. */
  readonly #prefixes = new Map<string, Listeners>();
  readonly #events = new Map<string, readonly string[]>();

  addListener(id: string, events: readonly string[]): void {
    if (events.length === 0) return;
    this.#events.set(id, events);
    for (const event of events) {
      const { map, key } = this.#place(event);
      const ids = map.get(key);
      if (ids === undefined) map.set(key, id);
      else if (typeof ids !== "string") ids.add(id);
      else if (ids !== id) map.set(key, new Set([ids, id]));
    }
  }

  deleteListener(id: string): void {
    for (const event of this.#events.get(id) ?? []) {
      const { map, key } = this.#place(event);
      const ids = map.get(key);
      if (ids === id) map.delete(key);
      else if (ids !== undefined && typeof ids !== "string" && ids.delete(id) && ids.size === 0)
        map.delete(key);
    }
    this.#events.delete(id);
  }

  listeners(event: string): ReadonlySet<string> {
    const ids = new Set(idsOf(this.#listeners.get(event)));
    for (let colon = event.indexOf(":"); colon >= 0; colon = event.indexOf(":", colon + 1)) {
      for (const id of idsOf(this.#prefixes.get(event.slice(0, colon + 1)))) ids.add(id);
    }
    return ids;
  }

  #place(event: string): { readonly map: Map<string, Listeners>; readonly key: string } {
    return event.endsWith(":*")
      ? { map: this.#prefixes, key: event.slice(0, -1) }
      : { map: this.#listeners, key: event };
  }
}

function idsOf(listeners: Listeners | undefined): Iterable<string> {
  return typeof listeners === "string" ? [listeners] : (listeners ?? []);
}
