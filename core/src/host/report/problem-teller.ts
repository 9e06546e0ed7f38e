/**
 * Tells of Problems once, when they appear. What may only be a copy under way is looked at again later and
 * told of then, if it is still there.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionInfo } from "../face/extension-host.js";

/** Whom it asks and tells. @internal */
export interface ProblemTellerOptions {
  /** What is in a folder now. */
  readonly info: (folder: string) => ExtensionInfo | undefined;
  /** How long a folder may be incomplete, in milliseconds. */
  readonly incompleteMs: number;
  readonly tell: (problem: Problem, info: ExtensionInfo) => void;
}

/** Compares the Problems of a folder with those last told of. @internal */
export class ProblemTeller {
  readonly #options: ProblemTellerOptions;
  readonly #told = new Map<string, ReadonlySet<string>>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  #isDisposed = false;

  constructor(options: ProblemTellerOptions) {
    this.#options = options;
  }

  /** Looks at the folder and tells what is new. */
  look(folder: string): void {
    const info = this.#options.info(folder);
    const before = this.#told.get(folder);
    const told = new Set<string>();
    for (const problem of info === undefined ? [] : this.#settled(info)) {
      const key = keyOf(problem);
      const isNew = !told.has(key) && before?.has(key) !== true;
      told.add(key);
      if (isNew && info !== undefined) this.#options.tell(problem, info);
    }
    if (told.size === 0) this.#told.delete(folder);
    else this.#told.set(folder, told);
  }

  /** Whether the folder's Problem was told when it was last looked at. */
  hasTold(folder: string, problem: Problem): boolean {
    return this.#told.get(folder)?.has(keyOf(problem)) === true;
  }

  /** Tells nothing more. */
  dispose(): void {
    this.#isDisposed = true;
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #settled(info: ExtensionInfo): readonly Problem[] {
    const isIncomplete = info.reason?.code === "INCOMPLETE";
    const isCandidateIncomplete = info.candidate?.reason?.code === "INCOMPLETE";
    if (isIncomplete || isCandidateIncomplete) this.#lookAgain(info.folder);
    return [
      ...(isIncomplete ? [] : info.problems),
      ...(isCandidateIncomplete ? [] : (info.candidate?.problems ?? [])),
    ];
  }

  #lookAgain(folder: string): void {
    if (this.#isDisposed || this.#waiting.has(folder)) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(folder);
      this.look(folder);
    }, this.#options.incompleteMs);
    this.#waiting.set(folder, timer);
  }
}

function keyOf({ code, file, line, column, message }: Problem): string {
  return [code, file, line, column, message].join("\n");
}
