/**
 * Tells what happens to a host as events with sequence numbers, each with the entry as it is afterwards. Invariant: what
 * {@link EventFeed.listing} gives is the fold of the events up to then, whatever changed an entry: what no event of the host
 * told of is found by looking, and told as a change.
 */
import type { Disposable, Problem } from "@plugboard/extension-api";
import { thrownText } from "../common/thrown-text.js";
import type { ExtensionHost, LogRecord } from "../host/face/extension-host.js";
import type { ExtensionEvent } from "../lifecycle/extension/extension-event.js";
import { EventLog, type EventLogLimits } from "./event-log.js";
import type {
  ControlEvent,
  EventHead,
  EventsOptions,
  ExtensionListing,
  ExtensionRecord,
} from "./host-control.js";
import { extensionRecord, reasonRecord } from "./records.js";

const usualLimits: EventLogLimits = { events: 20_000, characters: 16 * 1024 * 1024 };

/** How long after an event the host looks for what changed without one. */
const lookMs = 100;

/** Looking takes at most this part of the time. */
const lookShare = 1 / 50;

type EventBody = ControlEvent extends infer One
  ? One extends EventHead
    ? Omit<One, keyof EventHead>
    : never
  : never;

/** The events of one host, from the moment it is made. @internal */
export class EventFeed implements Disposable {
  readonly #host: ExtensionHost;
  readonly #log: EventLog;
  readonly #listening: readonly Disposable[];
  /** What was told last of each folder, as JSON. */
  readonly #told = new Map<string, { readonly record: ExtensionRecord; readonly json: string }>();
  readonly #readers = new Set<() => void>();
  #toldProblems = "[]";
  #timer: NodeJS.Timeout | undefined;
  #lookedFor = 0;
  #isClosed = false;

  constructor(host: ExtensionHost, limits: EventLogLimits = usualLimits) {
    this.#host = host;
    this.#log = new EventLog(limits);
    for (const info of host.extensions) this.#note(extensionRecord(info));
    this.#toldProblems = JSON.stringify(host.problems);
    this.#listening = [
      host.extensions.onDidChange((event) => this.#extensionEvent(event)),
      host.onDidChangeContributions((change) => this.#tell({ event: "contributions", ...change })),
      host.onDidLog((record) => this.#tell({ event: "log", ...logData(record) })),
      host.onDidChangePhase((phase) => this.#tell({ event: "phase", phase })),
    ];
  }

  /** What the host lists now; what changed without an event has been told before. */
  listing(): ExtensionListing {
    return { extensions: [...this.#look()], problems: this.#lookAtProblems() };
  }

  /** @see {@link HostControl.events} */
  async *events(options: EventsOptions = {}): AsyncGenerator<ControlEvent, void, undefined> {
    const { since, signal, follow = true } = options;
    const isWanted = filterOf(options);
    let seen = since === "oldest" ? this.#log.before : (since ?? -1);
    if (!this.#log.holdsAfter(seen)) {
      if (since !== undefined) yield this.#lagged(seen);
      const snapshot = this.#snapshot(options);
      seen = snapshot.seq;
      yield snapshot;
    }
    const isOver = (): boolean => !follow || this.#isClosed || signal?.aborted === true;
    for (;;) {
      while (seen < this.#log.last && signal?.aborted !== true) {
        const event = this.#log.get(seen + 1);
        if (event === undefined) {
          yield this.#lagged(seen);
          const snapshot = this.#snapshot(options);
          seen = snapshot.seq;
          yield snapshot;
        } else {
          seen += 1;
          if (isWanted(event)) yield event;
        }
      }
      if (isOver()) return;
      await this.#next(signal);
    }
  }

  /** Ends all who read, after what has happened so far. */
  dispose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const listener of this.#listening) listener.dispose();
    this.#wake();
  }

  #extensionEvent({
    kind,
    id,
    folder,
    generation,
    reason,
    delayMs,
    unresponsive,
    problem,
  }: ExtensionEvent): void {
    const info = this.#host.extensions.inFolder(folder);
    const before = this.#told.get(folder)?.record;
    const extension = info === undefined ? null : extensionRecord(info, before);
    if (extension === null) this.#told.delete(folder);
    else this.#note(extension);
    this.#tell({
      event: kind,
      id: id ?? null,
      generation,
      folder,
      ...(reason && { reason: reasonRecord(reason) }),
      ...(delayMs !== undefined && { delayMs }),
      ...(unresponsive && extension?.unresponsive && { unresponsive: extension.unresponsive }),
      ...(problem && { problem }),
      extension,
    });
    this.#lookSoon();
  }

  /** Gives every entry; tells of those that are no longer what was told of them. */
  *#look(): Iterable<ExtensionRecord> {
    const gone = new Set(this.#told.keys());
    for (const info of this.#host.extensions) {
      const { folder } = info;
      gone.delete(folder);
      const told = this.#told.get(folder);
      const record = extensionRecord(info, told?.record);
      const json = JSON.stringify(record);
      if (json !== told?.json) {
        this.#told.set(folder, { record, json });
        const { id, generation } = record;
        this.#tell({
          event: told === undefined ? "added" : "changed",
          id,
          generation,
          folder,
          extension: record,
        });
      }
      yield record;
    }
    for (const folder of gone) {
      const record = this.#told.get(folder)?.record;
      this.#told.delete(folder);
      const { id = null, generation = 0 } = record ?? {};
      this.#tell({ event: "removed", id, generation, folder, extension: null });
    }
  }

  #lookAtProblems(): readonly Problem[] {
    const { problems } = this.#host;
    const json = JSON.stringify(problems);
    if (json !== this.#toldProblems) {
      this.#toldProblems = json;
      this.#tell({ event: "problems", problems });
    }
    return problems;
  }

  /** What changes beside what an event names, as the dependents of one that failed, shows a moment later. */
  #lookSoon(): void {
    if (this.#readers.size === 0 || this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        const startedAt = performance.now();
        this.listing();
        this.#lookedFor = performance.now() - startedAt;
      },
      Math.max(lookMs, this.#lookedFor / lookShare),
    ).unref();
  }

  #note(record: ExtensionRecord): void {
    this.#told.set(record.folder, { record, json: JSON.stringify(record) });
  }

  #tell(body: EventBody): void {
    this.#log.add({ seq: this.#log.last + 1, time: new Date().toISOString(), ...body } as ControlEvent);
    this.#wake();
  }

  #snapshot({ ids }: EventsOptions): ControlEvent {
    const { extensions, problems } = this.listing();
    const wanted =
      ids === undefined ? extensions : extensions.filter(({ id }) => id !== null && ids.includes(id));
    return { ...this.#head(), event: "snapshot", extensions: wanted, problems };
  }

  #lagged(seen: number): ControlEvent {
    return { ...this.#head(), event: "lagged", missed: Math.max(0, this.#log.last - seen) };
  }

  /** What is told to one reader alone takes no number of its own. */
  #head(): EventHead {
    return { seq: this.#log.last, time: new Date().toISOString() };
  }

  #wake(): void {
    for (const wake of this.#readers) wake();
  }

  async #next(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    this.#readers.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
    // Between its last look and now nothing happened; what happens without an event is looked for from now on.
    this.#lookSoon();
    try {
      await promise;
    } finally {
      this.#readers.delete(wake);
      signal?.removeEventListener("abort", wake);
    }
  }
}

function filterOf({ kinds, ids }: EventsOptions): (event: ControlEvent) => boolean {
  const wantedKinds = kinds === undefined ? undefined : new Set<string>(kinds);
  const wantedIds = ids === undefined ? undefined : new Set<string>(ids);
  return (event) => {
    if (wantedKinds?.has(event.event) === false) return false;
    // How far the host has come concerns everybody.
    if (wantedIds === undefined || event.event === "phase") return true;
    return "id" in event && typeof event.id === "string" && wantedIds.has(event.id);
  };
}

/** A record of a log as data: what an application's own code logs may hold anything. */
function logData({ level, message, fields }: LogRecord): Omit<Extract<EventBody, { event: "log" }>, "event"> {
  const { extensionId, generation, ...rest } = fields;
  const entries = Object.entries(rest).map(([name, value]) => [name, plain(value)] as const);
  return {
    ...(typeof extensionId === "string" && { id: extensionId }),
    ...(typeof generation === "number" && { generation }),
    level,
    message,
    ...(entries.length > 0 && { fields: Object.fromEntries(entries) }),
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Error) return thrownText(value);
  try {
    return (JSON.stringify(value) as string | undefined) === undefined ? thrownText(value) : value;
  } catch {
    // Circles and the like have no JSON.
    return thrownText(value);
  }
}
