/**
 * Has the files followed that the generations of an extension were made of, as far as they are known by now.
 * What an event on them leads to is decided elsewhere.
 * Invariant: nothing is followed for an extension that is gone, or after the stop.
 */
import type { Disposable } from "@plugboard/extension-api";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

interface FileTrackerParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly extensions: ExtensionRegistry;
}

/** Follows the files of what serves and of what is being prepared. @internal */
export class FileTracker {
  readonly #parts: FileTrackerParts;
  readonly #follows = new Map<ManagedExtension, Disposable>();
  /** Who is to be looked at again before this turn ends. */
  readonly #due = new Set<ManagedExtension>();

  constructor(parts: FileTrackerParts) {
    this.#parts = parts;
  }

  /** Whether anything is followed. */
  get isOn(): boolean {
    return this.#parts.options.follower.isFollowing;
  }

  /** Follows, soon, the files that the extension has used by then. */
  follow(extension: ManagedExtension): void {
    if (!this.isOn || this.#due.has(extension)) return;
    this.#due.add(extension);
    // Files come in one by one while they load; one look at the end is enough.
    queueMicrotask(() => {
      this.#due.delete(extension);
      this.followNow(extension);
    });
  }

  /** Follows the files that the extension has used by now, and no others. */
  followNow(extension: ManagedExtension): void {
    const before = this.#follows.get(extension);
    this.#follows.delete(extension);
    if (this.isOn && !extension.isRemoved && this.#parts.run.stopReason === undefined) {
      const { serving, candidate, description } = extension;
      const files = new Set([...(serving.files?.keys() ?? []), ...(candidate?.files?.keys() ?? [])]);
      if (files.size > 0) {
        const patterns = outlineOf(description).watch ?? [];
        this.#follows.set(
          extension,
          this.#parts.options.follower.follow(description.folder, files, patterns),
        );
      }
    }
    before?.dispose();
  }

  /** A generation used a file that it had not used before. */
  filesChanged(generation: Generation): void {
    const extension = this.#parts.extensions.get(generation.description.id);
    if (extension?.serves(generation) === true && generation.state === "active") this.follow(extension);
  }

  /** Follows nothing any more. */
  dispose(): void {
    for (const follow of this.#follows.values()) follow.dispose();
    this.#follows.clear();
  }
}
