/** Tells the world what happened to extensions, after they show it. */
import type { Event, Problem } from "@plugboard/extension-api";
import { EventEmitter } from "../../common/event-emitter.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleEvent } from "./lifecycle-options.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

/** The sender of lifecycle events. @internal */
export class LifecycleEvents {
  readonly #changed: EventEmitter<LifecycleEvent>;

  /** @param report - is told what a listener threw */
  constructor(report: (error: unknown) => void) {
    this.#changed = new EventEmitter(report);
  }

  /** What happened to extensions. */
  get onDidChange(): Event<LifecycleEvent> {
    return this.#changed.event;
  }

  /** Tells what happened to an extension; the generation is the serving one unless another is named. */
  fire(
    kind: LifecycleEvent["kind"],
    { id, description, serving }: ManagedExtension,
    more: Pick<LifecycleEvent, "reason" | "delayMs" | "unresponsive"> & { readonly generation?: number } = {},
  ): void {
    this.#changed.fire({
      kind,
      id,
      folder: description.folder,
      ...more,
      generation: more.generation ?? serving.number,
    });
  }

  /** Tells that a generation has been let go, and what went wrong meanwhile. */
  fireRetired({ number, description: { id, folder } }: Generation, problems: readonly Problem[]): void {
    const about = { id, folder, generation: number };
    this.#changed.fire({ kind: "deactivated", ...about });
    for (const problem of problems) this.#changed.fire({ kind: "problem", ...about, problem });
  }
}
