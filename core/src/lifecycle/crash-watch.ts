/** A runtime may end by itself. Then its extension has failed, and whoever runs on it goes down. */
import { ExtensionError } from "@plugboard/extension-api";
import type { Generation } from "./generation.js";
import type { LifecycleNews } from "./lifecycle-news.js";
import type { LifecycleOptions } from "./lifecycle-options.js";
import type { DependentsStop } from "./lifecycle-parts.js";
import type { LifecycleRun } from "./lifecycle-run.js";
import type { ManagedExtension } from "./managed-extension.js";
import { reasonOf } from "./reason.js";

interface CrashWatchParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly news: LifecycleNews;
  readonly takeDown: DependentsStop;
}

/** Watches sessions for an end that nobody asked for. @internal */
export class CrashWatch {
  readonly #options: LifecycleOptions;
  readonly #run: LifecycleRun;
  readonly #news: LifecycleNews;
  readonly #takeDown: DependentsStop;

  constructor(parts: CrashWatchParts) {
    this.#options = parts.options;
    this.#run = parts.run;
    this.#news = parts.news;
    this.#takeDown = parts.takeDown;
  }

  /** Has the generation fail if its session crashes while it is active. */
  watch(extension: ManagedExtension, generation: Generation): void {
    void generation.session?.exited.then((exit) => {
      if (exit.kind !== "crashed" || generation.state !== "active") return;
      const error = new ExtensionError("EXTENSION_CRASHED", `${extension.id} crashed: ${exit.message}`, {
        extensionId: extension.id,
      });
      generation.fail("failed", error);
      this.#options.activator.kill(generation, error);
      this.#run.alive.delete(generation);
      if (extension.serving !== generation) return;
      this.#options.registry.connect(extension);
      this.#news.tell("failed", extension, { reason: reasonOf(error) });
      this.#run.inBackground(this.#takeDown.takeDownDependents(extension));
    });
  }
}
