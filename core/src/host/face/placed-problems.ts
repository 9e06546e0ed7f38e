/** Problems with their places in manifests. Each is made once: finding a place reads the manifest again. */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";

/** A Problem without its place. @internal */
export type Finding = Pick<Problem, "code" | "severity" | "message"> & {
  readonly suggestion?: string | undefined;
};

/** Makes a Problem with its place in the manifest. @internal */
export type ProblemMaker = (
  description: ExtensionDescription,
  pointer: string,
  what: "key" | "value",
  finding: Finding,
) => Problem;

/** Keeps the newest Problem of each place for as long as the description is known. @internal */
export class PlacedProblems {
  readonly #make: ProblemMaker;
  readonly #known = new WeakMap<ExtensionDescription, Map<string, Problem>>();

  constructor(make: ProblemMaker) {
    this.#make = make;
  }

  /** The Problem of that place; the same object while the finding is the same. */
  at(
    description: ExtensionDescription,
    pointer: string,
    finding: Finding,
    what: "key" | "value" = "value",
  ): Problem {
    return this.keep(description, pointer, finding, () => this.#make(description, pointer, what, finding));
  }

  /** The same for a Problem that stands elsewhere than in the manifest. @param key - names the place */
  keep(description: ExtensionDescription, key: string, finding: Finding, make: () => Problem): Problem {
    let byPlace = this.#known.get(description);
    if (byPlace === undefined) this.#known.set(description, (byPlace = new Map<string, Problem>()));
    const known = byPlace.get(key);
    if (known?.message === finding.message && known.severity === finding.severity) return known;
    const problem = make();
    byPlace.set(key, problem);
    return problem;
  }
}
