/**
 * Works out what has to be installed so that one extension finds what it depends on. Fetches what it has to look
 * into, and writes nothing into any folder of extensions.
 * Invariant: of each id there is one version, and it is in every range that is asked of it, by what is in the plan and
 * by what is installed and stays.
 */
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import compareVersions from "semver/functions/compare.js";
import type { ContentOptions } from "../archive/extension-content.js";
import { isInRange } from "../manifest/identity.js";
import { passingOver, type ExtensionSources } from "../source/extension-sources.js";
import type { Offer } from "../source/offer.js";
import { sourceError } from "../source/source-error.js";
import { factsOf, type ExtensionFacts } from "./extension-facts.js";
import { installError } from "./install-error.js";

/** An extension that is to be installed. @internal */
export interface PlanStep {
  readonly offer: Offer;
  /** The folder or the archive. */
  readonly path: string;
  readonly facts: ExtensionFacts;
}

/** A range that somebody asks for. @internal */
export interface Requirement {
  /** The id of who asks. */
  readonly by: string;
  readonly range: string;
}

/** The surroundings of a plan. @internal */
export interface PlanSurroundings {
  readonly sources: Pick<ExtensionSources, "beside">;
  /** What lies in the folders, by id. */
  readonly installed: ReadonlyMap<string, ExtensionFacts>;
  readonly content: ContentOptions;
}

/** Every change of mind may cause others; so many are more than any sensible set of extensions needs. */
const mostRounds = 50;

/** Fetches an offer and looks into it. @internal */
export async function stepOf(offer: Offer, content: ContentOptions, id?: string): Promise<PlanStep> {
  const path = await offer.fetch();
  const facts = await namingSource(offer.from, path, () => factsOf(path, content));
  // Registries drop what follows a plus sign; no version comes before another by it.
  if ((id ?? facts.id) !== facts.id || compareVersions(offer.version ?? facts.version, facts.version) !== 0) {
    const promised = [id, offer.version].filter((word) => word !== undefined).join(" ");
    const message = `${offer.from} should hold ${promised}, and holds ${facts.id} ${facts.version}.`;
    throw sourceError("SOURCE_INVALID", message);
  }
  return { offer, path, facts };
}

/**
 * The steps, what is depended on first and the extension itself last. What is installed and fits is left alone.
 *
 * @throws ExtensionError `INSTALL_DEPENDENCY` where there are no versions that fit together, or none were found
 * @internal
 */
export async function planFrom(root: PlanStep, surroundings: PlanSurroundings): Promise<readonly PlanStep[]> {
  const chosen = new Map([[root.facts.id, root]]);
  for (let round = 0; round < mostRounds; round++) {
    const steps = reachable(root, chosen);
    const unmet = firstUnmet(steps, surroundings.installed);
    if (unmet === undefined) return steps;
    if (unmet.id === root.facts.id) throw unresolvable(unmet, [root.facts.version]);
    const offers = await offersOf(unmet, surroundings);
    const all = offers.filter(({ version }) => version !== undefined && meets(version, unmet.requirements));
    const fitting = all.find(({ tooNew }) => tooNew === undefined);
    const [{ tooNew } = {}] = all;
    if (fitting === undefined && tooNew !== undefined) throw sourceError("SOURCE_TOO_NEW", tooNew.why);
    if (fitting === undefined) {
      const versions = offers.flatMap(({ version }) => version ?? []);
      throw unresolvable(unmet, versions);
    }
    chosen.set(unmet.id, await stepOf(passingOver(fitting, all[0]), surroundings.content, unmet.id));
  }
  const { id } = root.facts;
  throw installError("INSTALL_DEPENDENCY", `No versions were found that fit together for ${id}.`, id);
}

/** Whether the steps and what is installed have all that the steps need. @internal */
export function isComplete(steps: readonly PlanStep[], installed: PlanSurroundings["installed"]): boolean {
  return firstUnmet(steps, installed) === undefined;
}

/** Those who ask for an extension, among what is installed and stays. @internal */
export function installedDependents(
  id: string,
  installed: ReadonlyMap<string, ExtensionFacts>,
  replaced: { has(id: string): boolean },
): readonly Requirement[] {
  return [...installed.values()].flatMap((facts) => {
    const range = facts.needs.get(id);
    return range === undefined || facts.id === id || replaced.has(facts.id) ? [] : [{ by: facts.id, range }];
  });
}

/** Whether a version is in all the ranges. @internal */
export function meets(version: string, requirements: readonly Requirement[]): boolean {
  return requirements.every(({ range }) => isInRange(version, range));
}

/** Where a download lies for a moment says nothing to anybody. */
async function namingSource<T>(from: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isExtensionError(error)) throw error;
    const { code, message, details, cause } = error;
    throw new ExtensionError(code, message.replaceAll(path, from), { details, cause });
  }
}

/** A dependency of a step that nothing installed or planned is fit for. */
interface Unmet {
  readonly id: string;
  readonly requirements: readonly Requirement[];
  /** The step that needs it, in whose source it is looked for. */
  readonly step: PlanStep;
}

function firstUnmet(steps: readonly PlanStep[], installed: PlanSurroundings["installed"]): Unmet | undefined {
  const planned = new Map(steps.map(({ facts }) => [facts.id, facts]));
  for (const step of steps) {
    for (const id of step.facts.needs.keys()) {
      const asked = [...planned.values()].flatMap(({ id: by, needs }) => {
        const range = needs.get(id);
        return range === undefined ? [] : [{ by, range }];
      });
      const present = planned.get(id) ?? installed.get(id);
      // What is installed and stays has its dependents already; what takes its place has to fit them too.
      const requirements = [...asked, ...installedDependents(id, installed, planned)];
      const isMet = present !== undefined && meets(present.version, planned.has(id) ? requirements : asked);
      if (!isMet) return { id, requirements, step };
    }
  }
  return undefined;
}

/** What can be come to from the root by what was chosen, each after what it needs; a circle ends where it began. */
function reachable(root: PlanStep, chosen: ReadonlyMap<string, PlanStep>): readonly PlanStep[] {
  const steps = new Set<PlanStep>();
  const open = new Set<PlanStep>();
  const visit = (step: PlanStep) => {
    if (open.has(step)) return;
    open.add(step);
    for (const id of step.facts.needs.keys()) {
      const needed = chosen.get(id);
      if (needed !== undefined) visit(needed);
    }
    steps.add(step);
  };
  visit(root);
  return [...steps];
}

async function offersOf({ id, step }: Unmet, { sources }: PlanSurroundings): Promise<readonly Offer[]> {
  try {
    return await sources.beside(step.offer.record, { id, packages: step.facts.packages });
  } catch (error) {
    if (isExtensionError(error, "SOURCE_MISSING")) return [];
    throw error;
  }
}

function unresolvable({ id, requirements, step }: Unmet, versions: readonly string[]) {
  const asked = requirements.map(({ by, range }) => `${by} needs ${id} ${range}`).join(", ");
  const there = versions.length === 0 ? "has none" : `has ${versions.join(", ")}`;
  const message = `${asked}; where ${step.facts.id} comes from (${step.offer.from}) ${there}.`;
  return installError("INSTALL_DEPENDENCY", message, step.facts.id);
}
