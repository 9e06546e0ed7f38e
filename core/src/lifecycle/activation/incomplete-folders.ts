/**
 * Folders that may still be arriving. No watcher can tell that a copy is complete, so a load that fails soon
 * after an event of its folder has not failed yet: it waits for the next event, or for quiet.
 * Invariant: one wait per extension; a later event prolongs it.
 */
import type { ExtensionError } from "@plugboard/extension-api";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

/** Waits for the rest of what is being copied. @internal */
export class IncompleteFolders {
  readonly #options: LifecycleOptions;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Milliseconds for which a load that fails still counts as a copy under way. */
  remainingMs(extension: ManagedExtension): number {
    const last = this.#options.follower.lastEventAt(extension.description.folder);
    return last === undefined ? 0 : last + this.#options.limits.incompleteMs - performance.now();
  }

  /** Calls `giveUp` once no event of the folder has come for long enough. */
  wait(extension: ManagedExtension, milliseconds: number, giveUp: () => void): void {
    clearTimeout(extension.incompleteTimer);
    extension.incomplete ??= Promise.withResolvers<void>();
    extension.incompleteTimer = setTimeout(() => {
      const rest = this.remainingMs(extension);
      if (rest > 0) this.wait(extension, rest, giveUp);
      else giveUp();
    }, milliseconds);
  }

  /** Whether the load failed as one of half a folder would, and the rest may still come. */
  isIncomplete(extension: ManagedExtension, error: ExtensionError): boolean {
    const { session } = extension.serving;
    if (error.code === "MODULE_CHANGED") return this.remainingMs(extension) > 0;
    return (
      (session === undefined || session.isLoaded === false) &&
      (error.code.startsWith("MODULE_") || error.code === "MANIFEST_PATH") &&
      error.code !== "MODULE_UNSUPPORTED" &&
      this.remainingMs(extension) > 0
    );
  }
}
