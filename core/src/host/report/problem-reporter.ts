/**
 * Reports Problems once, when they appear. What may only be a copy under way is looked at again later and
 * reported then, if it is still there.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionInfo } from "../face/extension-host.js";

/** Where it looks and whom it reports to. @internal */
export interface ProblemReporterOptions {
  /** What is in a folder now. */
  readonly info: (folder: string) => ExtensionInfo | undefined;
  /** How long a folder may be incomplete, in milliseconds. */
  readonly incompleteMs: number;
  readonly report: (problem: Problem, info: ExtensionInfo) => void;
}

/** Compares the Problems of a folder with those last reported. @internal */
export class ProblemReporter {
  readonly #options: ProblemReporterOptions;
  readonly #reported = new Map<string, ReadonlySet<string>>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  #isDisposed = false;

  constructor(options: ProblemReporterOptions) {
    this.#options = options;
  }

  /** Checks the folder and reports what is new. */
  check(folder: string): void {
    const info = this.#options.info(folder);
    const before = this.#reported.get(folder);
    const reported = new Set<string>();
    for (const problem of info === undefined ? [] : this.#settled(info)) {
      const key = keyOf(problem);
      const isNew = !reported.has(key) && before?.has(key) !== true;
      reported.add(key);
      if (isNew && info !== undefined) this.#options.report(problem, info);
    }
    if (reported.size === 0) this.#reported.delete(folder);
    else this.#reported.set(folder, reported);
  }

  /** Whether the folder's Problem was reported when it was last checked. */
  hasReported(folder: string, problem: Problem): boolean {
    return this.#reported.get(folder)?.has(keyOf(problem)) === true;
  }

  /** Reports nothing more. */
  dispose(): void {
    this.#isDisposed = true;
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #settled(info: ExtensionInfo): readonly Problem[] {
    const isIncomplete = info.reason?.code === "INCOMPLETE";
    const isCandidateIncomplete = info.candidate?.reason?.code === "INCOMPLETE";
    if (isIncomplete || isCandidateIncomplete) this.#checkAgain(info.folder);
    return [
      ...(isIncomplete ? [] : info.problems),
      ...(isCandidateIncomplete ? [] : (info.candidate?.problems ?? [])),
    ];
  }

  #checkAgain(folder: string): void {
    if (this.#isDisposed || this.#waiting.has(folder)) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(folder);
      this.check(folder);
    }, this.#options.incompleteMs);
    this.#waiting.set(folder, timer);
  }
}

function keyOf({ code, file, line, column, message }: Problem): string {
  return [code, file, line, column, message].join("\n");
}
