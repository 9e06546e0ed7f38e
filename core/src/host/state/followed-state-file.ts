/**
 * Follows a file that other programs write, too: it is looked at from time to time, since its folder may come late,
 * go and come again, and nobody waits for it within milliseconds.
 * Invariant: `onChange` is never called while an earlier call has not settled, nor after the end.
 */
import { fileIdentity } from "../../common/file-identity.js";

const beatMs = 250;

/** Follows a file until it is disposed. @internal */
export class FollowedStateFile {
  readonly #file: string;
  readonly #onChange: () => Promise<void>;
  #identity: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isDoubtful = false;

  /** @param onChange - hears that the file is another than when it was last looked at; never rejects */
  constructor(file: string, onChange: () => Promise<void>) {
    this.#file = file;
    this.#onChange = onChange;
    // Before anybody reads it: what is written meanwhile is found on the next beat.
    this.#identity = fileIdentity(file);
  }

  /** Looks from time to time, from now on. */
  begin(): void {
    this.#timer ??= setInterval(() => void this.#look(), beatMs).unref();
  }

  /** It could not be read: it is looked at again on the next beat, though it may be the same file. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  /** Follows no longer. */
  dispose(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    const identity = fileIdentity(this.#file);
    if (identity === this.#identity && !this.#isDoubtful) return;
    this.#isLooking = true;
    this.#isDoubtful = false;
    this.#identity = identity;
    try {
      await this.#onChange();
    } finally {
      this.#isLooking = false;
    }
  }
}
