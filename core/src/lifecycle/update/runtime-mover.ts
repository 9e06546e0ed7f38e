/**
 * Lets old generations go after a swap. Those of an extension that brings a runtime go last: whoever runs on them is
 * started by the new one before. Invariant: no session ends because the runtime that started it was updated.
 */
import { runtimes } from "@plugboard/extension-api";
import { Deadlines } from "../../common/deadlines.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { UpdateRequests } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { Generation } from "../extension/generation.js";
import type { Retirer } from "./retirer.js";

interface RuntimeMoverParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly extensions: ExtensionRegistry;
  readonly retirer: Retirer;
  readonly updates: UpdateRequests;
}

/** Moves extensions from an old generation of their runtime to the new one. @internal */
export class RuntimeMover {
  readonly #deadlines = new Deadlines();
  readonly #parts: RuntimeMoverParts;

  constructor(parts: RuntimeMoverParts) {
    this.#parts = parts;
  }

  /** Retires the old generations; those of a runtime that others run on when nobody does any more. */
  async retire(old: readonly Generation[]): Promise<void> {
    const { run, retirer } = this.#parts;
    const used = old.filter(isUsedRuntime);
    await Promise.all([
      retirer.retireInOrder(old.filter((one) => !used.includes(one))),
      ...used.map((one) => this.#moveOver(one)),
    ]);
    for (const one of used) {
      const over = [...(one.connection?.started ?? [])].map(({ exited }) => exited);
      // Who can't be started by the new one goes on here, for as long as may be.
      void Promise.race([Promise.all(over), run.ended]).then(() => {
        // At the stop it is ended with all that is left, after those that still run on it.
        if (run.stopReason === undefined) run.inBackground(retirer.retireInOrder([one]));
      });
    }
  }

  /** Has whoever runs on it started by the new one, beside what serves, as after any change. */
  async #moveOver({ connection }: Generation): Promise<void> {
    if (connection === undefined) return;
    const { options, run, extensions, updates } = this.#parts;
    // What is on its way there comes to serve as well.
    const idle = Promise.race([connection.inFlight.idle(), run.ended]);
    await this.#deadlines.within(options.limits.drainMs, idle, () => undefined);
    const isOn = (generation: Generation | undefined) =>
      generation?.session !== undefined && connection.started.has(generation.session);
    for (const extension of extensions.extensions)
      if (isOn(extension.serving) || isOn(extension.candidate)) extension.wanted();
    await updates.update();
  }
}

function isUsedRuntime({ description, connection }: Generation): boolean {
  const isRuntime = Object.hasOwn(outlineOf(description).contributes ?? {}, runtimes.id);
  return isRuntime && connection !== undefined && connection.started.size + connection.inFlight.size > 0;
}
