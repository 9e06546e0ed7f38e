/**
 * Follows which ids people disabled: the file in the state folder, which other programs write too. It is looked at
 * from time to time, since the folder may come late, go and come again, and nobody waits for it within milliseconds.
 * Invariant: a switch is told once, in the order in which the file was found to say so.
 */
import { fileIdentity } from "../common/file-identity.js";
import type { StateFolder } from "./state-folder.js";

/** What {@link DisabledIds} tells. @internal */
export interface DisabledIdsObserver {
  /** The ids that are disabled from the start. */
  preset(ids: readonly string[]): void;
  /** Somebody disabled or enabled the id. */
  switch(id: string, way: { readonly isDisabled: boolean }): Promise<void>;
  /** The file can't be read; what was known before holds. */
  fault(error: unknown): void;
}

const beatMs = 250;

/** Follows the file until it is disposed. @internal */
export class DisabledIds {
  readonly #state: StateFolder;
  readonly #observer: DisabledIdsObserver;
  #known: ReadonlySet<string> = new Set();
  #identity: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isDisposed = false;

  constructor(state: StateFolder, observer: DisabledIdsObserver) {
    this.#state = state;
    this.#observer = observer;
  }

  /** Tells what is disabled now and, if asked, follows what becomes of it. Never rejects. */
  async begin({ isFollowing }: { readonly isFollowing: boolean }): Promise<void> {
    const file = this.#state.extensionsFile;
    if (file !== undefined) this.#identity = fileIdentity(file);
    try {
      this.#known = new Set(this.#state.disabled());
      this.#observer.preset([...this.#known]);
    } catch (error) {
      this.#observer.fault(error);
    }
    if (!isFollowing || file === undefined || this.#isDisposed) return;
    this.#timer = setInterval(() => void this.#look(file), beatMs).unref();
  }

  /** Follows no longer. */
  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
  }

  async #look(file: string): Promise<void> {
    if (this.#isLooking) return;
    // Before it is read: what is written meanwhile is found on the next beat.
    const identity = fileIdentity(file);
    if (identity === this.#identity) return;
    this.#isLooking = true;
    this.#identity = identity;
    try {
      const now = new Set(this.#state.disabled());
      const before = this.#known;
      this.#known = now;
      if (this.#isDisposed) return;
      const disabled = [...now].filter((id) => !before.has(id));
      const enabled = [...before].filter((id) => !now.has(id));
      await Promise.all([
        ...disabled.map((id) => this.#observer.switch(id, { isDisabled: true })),
        ...enabled.map((id) => this.#observer.switch(id, { isDisabled: false })),
      ]);
    } catch (error) {
      this.#observer.fault(error);
    } finally {
      this.#isLooking = false;
    }
  }
}
