/**
 * Counts what the code of one generation leaves running: timers, and listeners of the process. Hands that code
 * stand-ins for the globals that start such things; they do what the originals do, as these are at that moment.
 * Invariant: remembers weakly, so nothing lives longer for having been counted.
 */

/** Globals that have a stand-in. @internal */
export const watchedGlobals = ["setTimeout", "setInterval", "setImmediate", "process"] as const;

/** A global that has a stand-in. @internal */
export type WatchedGlobal = (typeof watchedGlobals)[number];

/** Counts what one generation leaves running. @internal */
export class LeftoverCounter {
  readonly #timers = {
    setTimeout: new WeakList<object>(isPending),
    setInterval: new WeakList<object>(isPending),
    setImmediate: new WeakList<object>(isPending),
  };
  readonly #listeners = new Map<string | symbol, WeakList<Listener>>();
  readonly #standIns = new Map<WatchedGlobal, object>();

  /** What the code finds under the name; the same object every time. */
  standIn(name: WatchedGlobal): object {
    const known = this.#standIns.get(name);
    if (known !== undefined) return known;
    const made = name === "process" ? this.#process() : this.#timerFunction(name);
    this.#standIns.set(name, made);
    return made;
  }

  /** How much of each kind is running now, by a name for people; kinds of which nothing is are absent. */
  counts(): Readonly<Record<string, number>> {
    const counts = {
      timeout: this.#timers.setTimeout.live().length,
      interval: this.#timers.setInterval.live().length,
      immediate: this.#timers.setImmediate.live().length,
      "process listener": this.#countListeners(),
    };
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  }

  /** The original is looked up at each call and read: fake timers may have taken its place. */
  #timerFunction(name: Exclude<WatchedGlobal, "process">): object {
    const timers = this.#timers[name];
    return new Proxy(globalThis[name], {
      apply(_original, receiver, values) {
        const timer: unknown = Reflect.apply(globalThis[name], receiver, values);
        if (typeof timer === "object" && timer !== null) timers.track(timer);
        return timer;
      },
      get: (_original, key) => Reflect.get(globalThis[name], key) as unknown,
    });
  }

  #process(): object {
    const adders = new Map<PropertyKey, { readonly original: unknown; readonly adder: unknown }>();
    const standIn: object = new Proxy(process, {
      get: (target, key) => {
        const original: unknown = Reflect.get(target, key);
        if (!addsListener.has(key) || typeof original !== "function") return original;
        const known = adders.get(key);
        if (known?.original === original) return known.adder;
        const adder = this.#adder(standIn, original as AddListener);
        adders.set(key, { original, adder });
        return adder;
      },
      // the setters of process, such as that of its title, know only process itself
      set: (target, key, value) => Reflect.set(target, key, value),
    });
    return standIn;
  }

  /** A method that adds a listener to the process and gives the stand-in back, so that a chain is seen as well. */
  #adder(standIn: object, original: AddListener): object {
    return new Proxy(original, {
      apply: (_original, receiver: unknown, values: Parameters<AddListener>) => {
        if (receiver !== standIn) return Reflect.apply(original, receiver, values);
        Reflect.apply(original, process, values);
        this.#noteListener(...values);
        return standIn;
      },
    });
  }

  #noteListener(event: string | symbol, listener: Listener): void {
    const known = this.#listeners.get(event);
    const list = known ?? new WeakList<Listener>((noted) => listenersOf(event).includes(noted));
    if (known === undefined) this.#listeners.set(event, list);
    list.track(listener);
  }

  /** One that was added twice and removed once counts once. */
  #countListeners(): number {
    let count = 0;
    for (const [event, noted] of this.#listeners) {
      const present = listenersOf(event);
      for (const listener of noted.live()) {
        const index = present.indexOf(listener);
        if (index === -1) continue;
        present.splice(index, 1);
        count += 1;
      }
    }
    return count;
  }
}

type Listener = (...values: unknown[]) => void;
type AddListener = (event: string | symbol, listener: Listener) => unknown;

const addsListener: ReadonlySet<PropertyKey> = new Set([
  "on",
  "once",
  "addListener",
  "prependListener",
  "prependOnceListener",
]);

function listenersOf(event: string | symbol): unknown[] {
  return process.listeners(event as NodeJS.Signals);
}

/**
 * Whether a timer is going to fire. Node marks one that has fired or was cleared, by whatever way, and nothing else
 * tells; a timer without the mark is a fake.
 */
function isPending(timer: object): boolean {
  return "_destroyed" in timer && timer._destroyed === false;
}

/** Objects held weakly. The dead are dropped as it grows, so it stays in proportion to what lives. */
class WeakList<Item extends object> {
  readonly #isLive: (item: Item) => boolean;
  #items: WeakRef<Item>[] = [];
  #limit = 32;

  constructor(isLive: (item: Item) => boolean) {
    this.#isLive = isLive;
  }

  track(item: Item): void {
    if (this.#items.length >= this.#limit) {
      this.#items = this.#items.filter((reference) => this.#live(reference) !== undefined);
      this.#limit = Math.max(32, this.#items.length * 2);
    }
    this.#items.push(new WeakRef(item));
  }

  live(): readonly Item[] {
    return this.#items.flatMap((reference) => this.#live(reference) ?? []);
  }

  #live(reference: WeakRef<Item>): Item | undefined {
    const item = reference.deref();
    return item !== undefined && this.#isLive(item) ? item : undefined;
  }
}
