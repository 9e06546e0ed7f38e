/** Contributions to a point that the extension opens, as the host tells of them. Its stubs call through the host. */
import type {
  ContributionDelta,
  ContributionEntry,
  ContributionItem,
  LiveCollection,
  Stub,
} from "@plugboard/extension-api";
import type { CollectionLine, HelloFrame } from "@plugboard/schemas";
import { EventEmitter } from "../common/event-emitter.js";
import type { SessionPeer } from "../protocol/session-peer.js";

type Entry = ContributionEntry<unknown>;

/** A live collection at the far end of a channel. @internal */
export class RemoteCollection implements LiveCollection<unknown> {
  readonly point: string;
  readonly onDidChange: LiveCollection<unknown>["onDidChange"];
  readonly #methods: HelloFrame["points"][number]["methods"];
  readonly #peer: SessionPeer;
  readonly #changed: EventEmitter<ContributionDelta<unknown>>;
  #lines: ReadonlyMap<string, CollectionLine> = new Map();
  #entries = new Map<string, Entry>();

  constructor(point: HelloFrame["points"][number], peer: SessionPeer, report: (error: unknown) => void) {
    this.point = point.id;
    this.#methods = point.methods;
    this.#peer = peer;
    this.#changed = new EventEmitter(report);
    this.onDidChange = this.#changed.event;
    this.become(point.lines);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): Stub<unknown> | undefined {
    return this.#entries.get(id)?.stub;
  }

  entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  *[Symbol.iterator](): Iterator<Stub<unknown>> {
    for (const { stub } of this.entries()) yield stub;
  }

  /** Shows these lines from now on, and tells what is different. A contribution keeps its stub. */
  become(lines: readonly CollectionLine[]): void {
    const before = this.#entries;
    const after = new Map<string, Entry>();
    const added: Entry[] = [];
    const changed: Entry[] = [];
    const known = this.#lines;
    this.#lines = new Map(lines.map((line) => [line.id, line]));
    for (const line of lines) {
      const entry = this.#entry(line, before.get(line.id)?.stub);
      after.set(line.id, entry);
      if (!before.has(line.id)) added.push(entry);
      else if (JSON.stringify(known.get(line.id)) !== JSON.stringify(line)) changed.push(entry);
    }
    this.#entries = after;
    const removed = [...before.values()].filter(({ id }) => !after.has(id));
    if (added.length + changed.length + removed.length > 0) this.#changed.fire({ added, changed, removed });
  }

  #entry(line: CollectionLine, stub: Stub<unknown> | undefined): Entry {
    const { id, extensionId, generation } = line;
    const item = line.item as ContributionItem<unknown>;
    return { id, extensionId, generation, item, stub: stub ?? this.#createStub(line) };
  }

  /** Fields show what the collection last heard of the contribution; methods go to the host, which knows if it is gone. */
  #createStub({ id, item }: CollectionLine): Stub<unknown> {
    const stub: Record<string, unknown> = {};
    for (const field of new Set(["id", ...Object.keys(item)])) {
      if (field in this.#methods || field === "then") continue;
      Object.defineProperty(stub, field, {
        enumerable: true,
        get: () => (field === "id" ? id : (this.#lines.get(id)?.item ?? item)[field]),
      });
    }
    for (const [method, arity] of Object.entries(this.#methods)) {
      const target = `point/${this.point}/${id}/${method}`;
      stub[method] = (...given: unknown[]) => this.#peer.callMethod(target, arity, given);
    }
    return stub as Stub<unknown>;
  }
}
