/**
 * Reads the sections under `contributes` against the points that are open: what is claimed, which events
 * that implies, what is wrong. Places are looked up in the text only when there is something to report.
 */
import type { ContributionItem, Problem } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { canonicalActivationEvent } from "../manifest/activation-event.js";
import { childPointer, locateInManifest } from "../manifest/locate.js";
import { SectionChecker } from "../manifest/section-schema.js";
import { nearest } from "../manifest/suggest.js";
import type { AnyContract, Claim, ContributionOwner } from "./contribution.js";
import type { ContributionRegistry } from "./contribution-registry.js";

/** What a manifest comes to, given the points that are open. @internal */
export interface Examination {
  readonly description: ExtensionDescription;
  /** What it contributes, by point. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** Events that activate it, declared and implied. */
  readonly events: readonly string[];
  /** Findings in its sections. */
  readonly problems: readonly Problem[];
  /** Sections that no open point claims. */
  readonly unclaimed: readonly string[];
}

const nothing: readonly never[] = Object.freeze([]);
const noClaims: ReadonlyMap<string, readonly Claim[]> = new Map();

/** Examines manifests. @internal */
export class SectionExaminer {
  readonly #registry: ContributionRegistry;
  readonly #checker = new SectionChecker();
  readonly #readManifest: (folder: string) => { readonly file: string; readonly text: string | undefined };

  /** @param readManifest - reads a manifest's text again, to find the place of something that was found */
  constructor(
    registry: ContributionRegistry,
    readManifest: (folder: string) => { readonly file: string; readonly text: string | undefined },
  ) {
    this.#registry = registry;
    this.#readManifest = readManifest;
  }

  /** Reads all sections of the description. Claims that were made before and are still the same stay the same objects. */
  examine(
    owner: ContributionOwner,
    description: ExtensionDescription,
    before: Examination | undefined,
  ): Examination {
    const sections = description.manifest.contributes as Readonly<Record<string, unknown>> | undefined;
    const declared = description.manifest.activationEvents?.map(canonicalActivationEvent) ?? nothing;
    if (sections === undefined) {
      return { description, claims: noClaims, events: declared, problems: nothing, unclaimed: nothing };
    }
    const claims = new Map<string, readonly Claim[]>();
    const events = [...declared];
    const unclaimed: string[] = [];
    const problems: Problem[] = [];
    for (const section of Object.keys(sections)) {
      if (section === "points") continue;
      const point = this.#registry.point(section);
      if (point === undefined) {
        unclaimed.push(section);
        problems.push(this.#unknownPoint(description, section));
        continue;
      }
      const known = before?.description === description ? before.claims.get(section) : undefined;
      // A section without claims may have had faults, which have to be told again.
      const list =
        known !== undefined && known.length > 0
          ? known
          : this.#claim(owner, description, section, sections[section], point.schema, problems);
      claims.set(section, list);
      if (point.activationEvent === undefined) continue;
      for (const claim of list) events.push(point.activationEvent(claim.item));
    }
    return {
      description,
      claims,
      events: events.length > 1 ? [...new Set(events)] : events,
      problems: orNothing(problems),
      unclaimed: orNothing(unclaimed),
    };
  }

  /** Says what is wrong with the schema of a point that an extension opens. */
  faultOfSchema(schema: object): string | undefined {
    return this.#checker.faultOfSchema(schema);
  }

  /** A Problem with its place in the manifest. */
  problem(
    description: ExtensionDescription,
    pointer: string,
    what: "key" | "value",
    finding: Pick<Problem, "code" | "severity" | "message"> & { readonly suggestion?: string | undefined },
  ): Problem {
    const { file, text } = this.#readManifest(description.folder);
    const { code, severity, message, suggestion } = finding;
    return {
      code,
      severity,
      message,
      file,
      ...placeIn(text, pointer, what),
      path: pointer,
      extensionId: description.id,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }

  #claim(
    owner: ContributionOwner,
    description: ExtensionDescription,
    section: string,
    value: unknown,
    schema: object,
    problems: Problem[],
  ): readonly Claim[] {
    const findings = this.#checker.check(value, schema);
    for (const finding of findings) {
      const pointer = childPointer("/contributes", section) + finding.path;
      problems.push(this.problem(description, pointer, finding.key ? "key" : "value", finding));
    }
    if (findings.some(({ severity }) => severity === "error")) return nothing;
    return (value as readonly ContributionItem<AnyContract>[]).map((item, index) => ({
      owner,
      localId: item.id,
      item,
      index,
    }));
  }

  #unknownPoint(description: ExtensionDescription, section: string): Problem {
    return this.problem(description, childPointer("/contributes", section), "key", {
      code: "MANIFEST_UNKNOWN_POINT",
      severity: "warning",
      message: `Nobody has opened a contribution point "${section}".`,
      suggestion: nearest(section, [...this.#registry.points, "points"]),
    });
  }
}

/** Ten thousand empty lists are one: they are kept for as long as the extensions are known. */
function orNothing<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? nothing : list;
}

function placeIn(
  text: string | undefined,
  pointer: string,
  what: "key" | "value",
): { line?: number; column?: number } {
  if (text === undefined) return {};
  try {
    return locateInManifest(text, pointer, what);
  } catch {
    // The file changed since it was parsed; the next look will tell.
    return {};
  }
}
