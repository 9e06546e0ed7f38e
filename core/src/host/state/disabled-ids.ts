/**
 * Follows which ids people disabled: the file in the state folder, which other programs write too.
 * Invariant: a switch is told once, in the order in which the file was found to say so.
 */
import { FollowedStateFile } from "./followed-state-file.js";
import type { StateFolder } from "./state-folder.js";

/** The listener of {@link DisabledIds}. @internal */
export interface DisabledIdsObserver {
  /** The ids that are disabled from the start. */
  preset(ids: readonly string[]): void;
  /** Somebody disabled or enabled the id; the latter perhaps though it was enabled. Never rejects. */
  switch(id: string, way: { readonly isDisabled: boolean }): Promise<void>;
  /** The file can't be read: what was known before holds, and as long as nothing is known, nothing runs. */
  fault(error: unknown, state: { readonly isKnown: boolean }): void;
  /** It can be read again. */
  readable(): void;
  /** It can be read for the first time; these are disabled and no others. */
  known(ids: readonly string[]): Promise<void>;
}

interface KnownIds {
  readonly known: ReadonlySet<string>;
  /** When people last enabled ids, by id. */
  readonly enabledAt: Readonly<Record<string, unknown>>;
}

/** Follows the file until it is disposed. @internal */
export class DisabledIds {
  readonly #state: StateFolder;
  readonly #observer: DisabledIdsObserver;
  /** Undefined as long as the file could never be read. */
  #known: ReadonlySet<string> | undefined;
  #enabledAt: Readonly<Record<string, unknown>> = {};
  #file: FollowedStateFile | undefined;
  #isFaulty = false;
  #isDisposed = false;

  constructor(state: StateFolder, observer: DisabledIdsObserver) {
    this.#state = state;
    this.#observer = observer;
  }

  /** Tells what is disabled now and, if asked, follows what becomes of it. Never rejects. */
  async load({ isFollowing }: { readonly isFollowing: boolean }): Promise<void> {
    const path = this.#state.extensionsFile;
    this.#file = path === undefined ? undefined : new FollowedStateFile(path, () => this.#update());
    const read = this.#readIds();
    if (read !== undefined) {
      this.#known = read.known;
      this.#enabledAt = read.enabledAt;
      this.#observer.preset([...read.known]);
    }
    if (isFollowing && !this.#isDisposed) this.#file?.follow();
  }

  /** Follows no longer. */
  dispose(): void {
    this.#isDisposed = true;
    this.#file?.dispose();
  }

  #fail(error: unknown): void {
    this.#file?.checkAgain();
    if (!this.#isFaulty) this.#observer.fault(error, { isKnown: this.#known !== undefined });
    this.#isFaulty = true;
  }

  async #update(): Promise<void> {
    const read = this.#readIds();
    if (read === undefined) return;
    const before = this.#known;
    const enabledBefore = this.#enabledAt;
    const { known: now, enabledAt } = read;
    this.#known = now;
    this.#enabledAt = enabledAt;
    if (this.#isDisposed) return;
    if (this.#isFaulty) this.#observer.readable();
    this.#isFaulty = false;
    if (before === undefined) {
      await this.#observer.known([...now]);
      return;
    }
    const disabled = [...now].filter((id) => !before.has(id));
    // Also one that was not disabled: whoever enables it wants it to be started again.
    const again = Object.keys(enabledAt).filter((id) => enabledAt[id] !== enabledBefore[id]);
    const enabled = new Set([...before, ...again].filter((id) => !now.has(id)));
    await Promise.all([
      ...disabled.map((id) => this.#observer.switch(id, { isDisabled: true })),
      ...Array.from(enabled, (id) => this.#observer.switch(id, { isDisabled: false })),
    ]);
  }

  /** What the file says now; undefined, and the fault is told, where it can't be read. */
  #readIds(): KnownIds | undefined {
    try {
      return { known: new Set(this.#state.disabled()), enabledAt: this.#state.enabledAt() };
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }
}
