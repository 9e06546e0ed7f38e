/** The exports of a dependency that runs elsewhere, as the host tells of them. Its functions call through the host. */
import type { DependencyExports } from "@plugboard/extension-api";
import type { ExportDescriptor, HelloFrame } from "@plugboard/schemas";
import { EventEmitter } from "../common/event-emitter.js";
import { reviveExports } from "../protocol/exports.js";
import type { SessionPeer } from "../protocol/session-peer.js";

type Exports = Readonly<Record<string, unknown>>;

/** A dependency at the far end of a channel. @internal */
export class RemoteDependency implements DependencyExports {
  readonly kind: DependencyExports["kind"];
  readonly onDidChange: DependencyExports["onDidChange"];
  readonly #id: string;
  readonly #peer: SessionPeer;
  readonly #changed: EventEmitter<void>;
  #exports: Exports | undefined;

  constructor(
    { id, kind, exports }: HelloFrame["dependencies"][number],
    peer: SessionPeer,
    report: (error: unknown) => void,
  ) {
    this.#id = id;
    this.kind = kind;
    this.#peer = peer;
    this.#changed = new EventEmitter(report);
    this.onDidChange = this.#changed.event;
    this.#exports = this.#revive(exports);
  }

  current(): Exports | undefined {
    return this.#exports;
  }

  /** It came, went, or is another. */
  become(exports: ExportDescriptor | undefined): void {
    this.#exports = this.#revive(exports);
    this.#changed.fire();
  }

  #revive(exports: ExportDescriptor | undefined): Exports | undefined {
    return (
      exports &&
      Object.freeze(
        reviveExports(exports, (name, args) => this.#peer.call(`dependency/${this.#id}/${name}`, args)),
      )
    );
  }
}
