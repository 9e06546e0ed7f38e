/**
 * Reads the sections under `contributes` against the points that are open: what is claimed, which events
 * that implies, what is wrong. Places are looked up in the text only when there is something to report.
 */
import type { ContributionItem, ContributionPoint, Problem } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import { canonicalActivationEvent, matchesActivationEvent } from "../manifest/activation-event.js";
import { childPointer, ManifestPlaces } from "../manifest/locate.js";
import { ProcessorAllowance } from "../manifest/processor-allowance.js";
import { SectionChecker, type SectionFinding } from "../manifest/section-schema.js";
import { mostFindings } from "../manifest/format-findings.js";
import { nearest } from "../common/nearest.js";
import { thrownText } from "../common/thrown-text.js";
import type { AnyContract } from "./contribution.js";
import type { ClaimedItems, ContributionRegistry } from "./contribution-registry.js";

type ValidationParts = Pick<ContributionValidation, "description" | "claims" | "problems" | "unclaimed">;

/** The result of validating a manifest's contributions against the points that are open. @internal */
export class ContributionValidation {
  readonly description: ExtensionDescription;
  /** What it contributes, by point: its sections as they are, as long as all of them are in force. */
  readonly claims: ClaimedItems;
  /** Sections that no open point claims. */
  readonly unclaimed: readonly string[];
  readonly #validator: ContributionValidator;
  readonly #problems: readonly Problem[];
  /** Of items whose event their point can't tell, by place; undefined while there is none. */
  #silent: Map<string, Problem> | undefined;

  constructor(
    validator: ContributionValidator,
    { description, claims, problems, unclaimed }: ValidationParts,
  ) {
    this.#validator = validator;
    this.description = description;
    this.claims = claims;
    this.#problems = problems;
    this.unclaimed = unclaimed;
  }

  /** Findings in its sections, and of points that fail to tell the event of an item, as far as they were asked. */
  get problems(): readonly Problem[] {
    return this.#silent === undefined ? this.#problems : [...this.#problems, ...this.#silent.values()];
  }

  /** Events that activate it, declared and implied; worked out anew each time, since most are never asked for. */
  get events(): readonly string[] {
    const events = outlineOf(this.description).activationEvents?.map(canonicalActivationEvent) ?? [];
    for (const pointId of Object.keys(this.claims)) {
      const activationEvent = this.#validator.activationEvent(pointId);
      if (activationEvent === undefined) continue;
      for (const [index, item] of (this.claims[pointId] ?? nothing).entries()) {
        const implied = this.#implied(activationEvent, item, pointId, index);
        if (implied !== undefined) events.push(implied);
      }
    }
    return events;
  }

  /** Whether the event is one of those that activate it, or fits one. */
  waitsFor(event: string): boolean {
    const { activationEvents = nothing } = outlineOf(this.description);
    const hasArgument = event.includes(":");
    for (const pattern of activationEvents) if (matchesActivationEvent(pattern, event)) return true;
    for (const pointId of Object.keys(this.claims)) {
      const activationEvent = this.#validator.activationEvent(pointId);
      if (activationEvent === undefined) continue;
      for (const [index, item] of (this.claims[pointId] ?? nothing).entries()) {
        const implied = this.#implied(activationEvent, item, pointId, index);
        if (implied === undefined) continue;
        // Most differ in their lengths, which is seen without putting the string together.
        if (implied === event || (hasArgument && matchesActivationEvent(implied, event))) return true;
      }
    }
    return false;
  }

  /** What the application's own function says of the item; undefined if it fails, which is no reason to stop anything. */
  #implied(
    activationEvent: (item: ContributionItem<AnyContract>) => unknown,
    item: ContributionItem<AnyContract>,
    pointId: string,
    index: number,
  ): string | undefined {
    try {
      const event = activationEvent(item);
      if (typeof event === "string") return event;
      throw new TypeError(`it returned ${typeof event}, not the name of an event`);
    } catch (error) {
      const pointer = `${childPointer("/contributes", pointId)}/${String(index)}`;
      if (this.#silent?.has(pointer) !== true) {
        const message = `The activationEvent of the point "${pointId}" failed for this item: ${thrownText(error)}`;
        const finding = { code: "CONFIG_FUNCTION_FAILED", severity: "warning", message } as const;
        (this.#silent ??= new Map()).set(
          pointer,
          this.#validator.problem(this.description, pointer, "value", finding),
        );
      }
      return undefined;
    }
  }

  /** The same with findings beside those in its sections, which come first. */
  withProblems(problems: readonly Problem[]): ContributionValidation {
    if (problems.length === 0) return this;
    const { description, claims, unclaimed } = this;
    const all = [...problems, ...this.#problems];
    return new ContributionValidation(this.#validator, { description, claims, problems: all, unclaimed });
  }
}

const nothing: readonly never[] = Object.freeze([]);
const noSections: Readonly<Record<string, unknown>> = Object.freeze({});

interface ReadPlaces {
  readonly folder: string;
  readonly file: string;
  readonly places: ManifestPlaces | undefined;
}

/** The first findings of each severity: whoever mends those is told of the next, and no kind hides the other. */
class FirstProblems {
  readonly list: Problem[] = [];
  readonly #left = { error: mostFindings, warning: mostFindings };

  add(severity: "error" | "warning", problem: () => Problem): void {
    if (this.#left[severity]-- > 0) this.list.push(problem());
  }
}

/** Validates what manifests contribute. @internal */
export class ContributionValidator {
  readonly #registry: ContributionRegistry;
  readonly #checker = new SectionChecker();
  readonly #readManifest: (folder: string) => { readonly file: string; readonly text: string | undefined };
  #places: ReadPlaces | undefined;

  /** @param readManifest - reads a manifest's text again, to find the place of something that was found */
  constructor(
    registry: ContributionRegistry,
    readManifest: (folder: string) => { readonly file: string; readonly text: string | undefined },
  ) {
    this.#registry = registry;
    this.#readManifest = readManifest;
  }

  /** Reads all sections of the description, except those found to be right before. */
  validate(
    description: ExtensionDescription,
    before: ContributionValidation | undefined,
  ): ContributionValidation {
    const sections: Readonly<Record<string, unknown>> = outlineOf(description).contributes ?? noSections;
    const known = before?.description === description ? before.claims : noSections;
    const refused: string[] = [];
    const unclaimed: string[] = [];
    const problems = new FirstProblems();
    const allowance = new ProcessorAllowance();
    for (const section of Object.keys(sections)) {
      const point = section === "points" ? undefined : this.#registry.point(section);
      if (point === undefined) {
        refused.push(section);
        if (section === "points") continue;
        unclaimed.push(section);
        problems.add("warning", () => this.#unknownPoint(description, section));
      } else if (!Object.hasOwn(known, section)) {
        const findings = this.#checker.check(sections[section], point.schema, allowance);
        for (const finding of findings)
          problems.add(finding.severity, () => this.#placed(description, section, finding));
        if (findings.some(({ severity }) => severity === "error")) refused.push(section);
      }
    }
    return new ContributionValidation(this, {
      description,
      claims: without(sections, refused) as ClaimedItems,
      problems: orNothing(problems.list),
      unclaimed: orNothing(unclaimed),
    });
  }

  /** How the point, if it is open, tells the event that is to activate whoever contributes an item. */
  activationEvent(pointId: string): ContributionPoint<AnyContract>["activationEvent"] {
    return this.#registry.point(pointId)?.activationEvent;
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
    const { file, places } = this.#placesIn(description.folder);
    const { code, severity, message, suggestion } = finding;
    return {
      code,
      severity,
      message,
      file,
      ...places?.at(pointer, what),
      path: pointer,
      extensionId: description.id,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }

  /** The manifest's places, read once for as many findings as are told of in one turn. */
  #placesIn(folder: string): ReadPlaces {
    if (this.#places?.folder === folder) return this.#places;
    const { file, text } = this.#readManifest(folder);
    const places = text === undefined ? undefined : new ManifestPlaces(text);
    queueMicrotask(() => {
      this.#places = undefined;
    });
    return (this.#places = { folder, file, places });
  }

  #placed(description: ExtensionDescription, section: string, finding: SectionFinding): Problem {
    const pointer = childPointer("/contributes", section) + finding.path;
    return this.problem(description, pointer, finding.key ? "key" : "value", finding);
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

function without(
  sections: Readonly<Record<string, unknown>>,
  refused: readonly string[],
): Readonly<Record<string, unknown>> {
  if (refused.length === 0) return sections;
  const leftOut = new Set(refused);
  return Object.fromEntries(Object.entries(sections).filter(([section]) => !leftOut.has(section)));
}
