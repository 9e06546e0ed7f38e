/**
 * Follows a file that other programs write, too: it is looked at from time to time, since its folder may come late,
 * go and come again, and nobody waits for it within milliseconds.
 * Invariant: `onChange` is never called while an earlier call has not settled, nor after the end.
 */
import { fileIdentity } from "../../common/file-identity.js";

/** Whether the file is another, or the same one that could not be read before. @internal */
export type LookReason = "change" | "doubt";

const beatMs = 250;

/** Follows a file until it is disposed. @internal */
export class FollowedStateFile {
  readonly #file: string;
  readonly #onChange: (why: LookReason) => Promise<void>;
  #identity: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isChecking = false;
  #isDoubtful = false;

  /** @param onChange - hears that the file is another than when it was last looked at, or was doubted; never rejects */
  constructor(file: string, onChange: (why: LookReason) => Promise<void>) {
    this.#file = file;
    this.#onChange = onChange;
    // Before anybody reads it: what is written meanwhile is found on the next beat.
    this.#identity = fileIdentity(file);
  }

  /** Looks from time to time, from now on. */
  follow(): void {
    this.#timer ??= setInterval(() => void this.#check(), beatMs).unref();
  }

  /** It could not be read: it is looked at again on the next beat, though it may be the same file. */
  checkAgain(): void {
    this.#isDoubtful = true;
  }

  /** Follows no longer. */
  dispose(): void {
    clearInterval(this.#timer);
  }

  async #check(): Promise<void> {
    if (this.#isChecking) return;
    const identity = fileIdentity(this.#file);
    if (identity === this.#identity && !this.#isDoubtful) return;
    const why: LookReason = identity === this.#identity ? "doubt" : "change";
    this.#isChecking = true;
    this.#isDoubtful = false;
    this.#identity = identity;
    try {
      await this.#onChange(why);
    } finally {
      this.#isChecking = false;
    }
  }
}
