/**
 * What a manifest declares that can come to nothing in this host, found before anything runs: contributions that no code
 * can supply, activation events that nothing fires, host services that nobody offers. Looks each time anew at which points are open and what is
 * contributed, since both come and go. What another extension or the application may still bring is a note.
 */
import type { Problem } from "@plugboard/extension-api";
import { nearest } from "../../common/nearest.js";
import type { ContributionRegistry } from "../../contribution/contribution-registry.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { canonicalActivationEvent, parseActivationEvent } from "../../manifest/activation-event.js";
import { childPointer } from "../../manifest/locate.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { mostFindings } from "../../manifest/format-findings.js";
import { PlacedProblems, type Finding, type ProblemMaker } from "../face/placed-problems.js";

/** Whom the checks ask. @internal */
export interface DeclarationChecksOptions {
  readonly registry: ContributionRegistry;
  readonly runsWithoutMain: (description: ExtensionDescription) => boolean;
  /** Whether an event has been fired that fits. */
  readonly wasFired: (event: string) => boolean;
  /** Ids of the host services that the application offers. */
  readonly offered: ReadonlySet<string>;
  readonly problem: ProblemMaker;
}

/** The events that the items of a point imply. */
interface ImpliedEvents {
  readonly pointId: string;
  /** Whether what follows the colon is the item's id. */
  readonly isById: boolean;
}

const none: readonly Problem[] = Object.freeze([]);
const startEvents: readonly string[] = ["onStartup", "onStartupFinished"];
const sampleId = "sample";
/** So many findings of a manifest are compared with all that was perhaps meant. */
const mostSuggestions = 10;

/** Compares manifests with the host. @internal */
export class DeclarationChecks {
  readonly #options: DeclarationChecksOptions;
  readonly #problems: PlacedProblems;
  readonly #ownIds = new WeakMap<ExtensionDescription, Map<string, ReadonlySet<unknown>>>();

  constructor(options: DeclarationChecksOptions) {
    this.#options = options;
    this.#problems = new PlacedProblems(options.problem);
  }

  /** What the extension declares to no effect; the first findings, where there are very many. */
  problems(description: ExtensionDescription): readonly Problem[] {
    const { main, activationEvents, services } = outlineOf(description);
    const problems = main === undefined ? [...this.#withoutCode(description)] : [];
    const isPlain = activationEvents?.every((event) => startEvents.includes(canonicalActivationEvent(event)));
    if (isPlain === false) problems.push(...this.#unfiredEvents(description, activationEvents ?? []));
    if (services !== undefined) problems.push(...this.#unknownServices(description, services));
    return problems.length === 0 ? none : problems;
  }

  /** One Problem: whoever adds `main` has mended all of it. */
  #withoutCode(description: ExtensionDescription): readonly Problem[] {
    const { contributes } = outlineOf(description);
    if (contributes === undefined) return none;
    // A misspelt key has been told of, with the right one.
    if (description.problems.some(({ suggestion }) => suggestion === "main")) return none;
    const called = this.#calledSections(contributes);
    const [first] = called;
    if (first === undefined || this.#options.runsWithoutMain(description)) return none;
    const message = `${description.id} contributes ${listed(called)} and has no "main", so no code can supply them.`;
    const finding = { code: "MANIFEST_MAIN_MISSING", severity: "error", message } as const;
    return [this.#problems.at(description, childPointer("/contributes", first), finding, "key")];
  }

  #calledSections(sections: Readonly<Record<string, unknown>>): readonly string[] {
    return Object.keys(sections).filter((section) => {
      const items = sections[section];
      const methods = this.#options.registry.point(section)?.methods;
      return (
        Array.isArray(items) && items.length > 0 && methods !== undefined && Object.keys(methods).length > 0
      );
    });
  }

  #unfiredEvents(description: ExtensionDescription, events: readonly string[]): readonly Problem[] {
    const problems: Problem[] = [];
    const implied = this.#impliedEvents();
    for (const [index, event] of events.entries()) {
      if (problems.length === mostFindings) break;
      const isNamed = problems.length < mostSuggestions;
      const finding = this.#faultOfEvent(description, canonicalActivationEvent(event), { implied, isNamed });
      if (finding === undefined) continue;
      problems.push(this.#problems.at(description, childPointer("/activationEvents", index), finding));
    }
    return problems;
  }

  #unknownServices(description: ExtensionDescription, services: readonly string[]): readonly Problem[] {
    const { offered } = this.#options;
    const unknown = services.map((id, index) => ({ id, index })).filter(({ id }) => !offered.has(id));
    return unknown.slice(0, mostFindings).map(({ id, index }, position) => {
      const suggestion = position < mostSuggestions ? nearest(id, offered) : undefined;
      return this.#problems.at(description, childPointer("/services", index), {
        code: "SERVICE_UNKNOWN",
        severity: suggestion === undefined ? "info" : "warning",
        message: `${description.id} lists the host service "${id}", which this application does not offer.`,
        suggestion,
      });
    });
  }

  #faultOfEvent(
    description: ExtensionDescription,
    event: string,
    { implied, isNamed }: { readonly implied: ReadonlyMap<string, ImpliedEvents>; readonly isNamed: boolean },
  ): Finding | undefined {
    if (startEvents.includes(event)) return undefined;
    const { name, argument } = parseActivationEvent(event);
    const point = implied.get(name);
    if (point !== undefined && argument !== undefined) {
      const { pointId, isById } = point;
      if (argument === "*" || !isById || this.#contributes(description, pointId, argument)) return undefined;
    }
    if (this.#options.wasFired(event)) return undefined;
    const unlessFired = "unless the application does";
    if (point === undefined) {
      const near = startEvents.includes(name)
        ? name
        : isNamed
          ? nearest(name, [...startEvents, ...implied.keys()])
          : undefined;
      if (near !== undefined)
        return unheard(`Nothing here fires "${event}", ${unlessFired}.`, respelt(near, argument, implied));
      const known = [...startEvents, ...[...implied.keys()].map((one) => `${one}:<id>`)];
      return unheard(`Nothing here fires "${event}", ${unlessFired}; known are ${listed(known)}.`);
    }
    if (argument === undefined)
      return unheard(
        `Nothing here fires "${event}" without an id after a colon, ${unlessFired}.`,
        `${name}:*`,
      );
    const ids = isNamed ? (this.#options.registry.collection(point.pointId)?.entries() ?? []) : [];
    const near = nearest(
      argument,
      ids.map(({ id }) => id),
    );
    return unheard(
      `Nobody contributes "${argument}" to ${point.pointId}, so nothing here fires "${event}", ${unlessFired}.`,
      near === undefined ? undefined : `${name}:${near}`,
    );
  }

  /** Also what is not listed: a disabled extension is as it would be. */
  #contributes(description: ExtensionDescription, pointId: string, id: string): boolean {
    if (this.#options.registry.find(pointId, id) !== undefined) return true;
    let own = this.#ownIds.get(description);
    if (own === undefined) this.#ownIds.set(description, (own = new Map<string, ReadonlySet<unknown>>()));
    let ids = own.get(pointId);
    if (ids === undefined) own.set(pointId, (ids = idsOf(description, pointId)));
    return ids.has(id);
  }

  /** The names of the events that calls fire, each as a made-up item of its point implies it. */
  #impliedEvents(): ReadonlyMap<string, ImpliedEvents> {
    const { registry } = this.#options;
    const implied = new Map<string, ImpliedEvents>();
    for (const pointId of registry.points) {
      const event = sampleEvent(registry.point(pointId)?.activationEvent);
      if (event === undefined) continue;
      const { name, argument } = parseActivationEvent(event);
      if (argument !== undefined) implied.set(name, { pointId, isById: argument === sampleId });
    }
    return implied;
  }
}

function idsOf(description: ExtensionDescription, pointId: string): ReadonlySet<unknown> {
  const sections = outlineOf(description).contributes as Readonly<Record<string, unknown>> | undefined;
  const items = sections?.[pointId];
  if (!Array.isArray(items)) return new Set();
  return new Set(items.map((item: unknown) => (item as { readonly id?: unknown } | null)?.id));
}

function sampleEvent(
  activationEvent: ((item: { readonly id: string }) => string) | undefined,
): string | undefined {
  try {
    const event: unknown = activationEvent?.({ id: sampleId });
    return typeof event === "string" ? event : undefined;
  } catch {
    // It needs more of an item than its id; then the names of its events are not known.
    return undefined;
  }
}

function unheard(message: string, suggestion?: string): Finding {
  return {
    code: "ACTIVATION_EVENT_UNKNOWN",
    severity: suggestion === undefined ? "info" : "warning",
    message,
    suggestion,
  };
}

/** The event under its right name: with what followed the colon, where that event has something there. */
function respelt(
  name: string,
  argument: string | undefined,
  implied: ReadonlyMap<string, ImpliedEvents>,
): string {
  return implied.has(name) ? `${name}:${argument ?? "*"}` : name;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${String(words.at(-1))}`;
}
