/**
 * What a manifest declares that can come to nothing in this host, found before anything runs: contributions that no code
 * can supply, and activation events that nothing fires. Looks each time anew at which points are open and what is
 * contributed, since both come and go. What another extension or the application may still bring is a note.
 */
import type { Problem } from "@plugboard/extension-api";
import { nearest } from "../common/nearest.js";
import type { ContributionRegistry } from "../contribution/contribution-registry.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { canonicalActivationEvent, parseActivationEvent } from "../manifest/activation-event.js";
import { childPointer } from "../manifest/locate.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import { PlacedProblems, type Finding, type ProblemMaker } from "./placed-problems.js";

/** Whom the checks ask. @internal */
export interface DeclarationChecksOptions {
  readonly registry: ContributionRegistry;
  readonly runsWithoutMain: (description: ExtensionDescription) => boolean;
  /** Whether an event has been fired that fits. */
  readonly wasFired: (event: string) => boolean;
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

/** Compares manifests with the host. @internal */
export class DeclarationChecks {
  readonly #options: DeclarationChecksOptions;
  readonly #problems: PlacedProblems;

  constructor(options: DeclarationChecksOptions) {
    this.#options = options;
    this.#problems = new PlacedProblems(options.problem);
  }

  /** What the extension declares to no effect. */
  problems(description: ExtensionDescription): readonly Problem[] {
    const { main, contributes, activationEvents } = outlineOf(description);
    const withoutCode =
      main === undefined && contributes !== undefined ? this.#withoutCode(description) : none;
    const events = activationEvents?.every((event) => startEvents.includes(canonicalActivationEvent(event)));
    if (events !== false) return withoutCode;
    const unheard = (activationEvents ?? []).flatMap((event, index) => {
      const finding = this.#faultOfEvent(description, canonicalActivationEvent(event));
      const pointer = childPointer("/activationEvents", index);
      return finding === undefined ? none : this.#problems.at(description, pointer, finding);
    });
    return [...withoutCode, ...unheard];
  }

  /** One Problem: whoever adds `main` has mended all sections. */
  #withoutCode(description: ExtensionDescription): readonly Problem[] {
    const sections: Readonly<Record<string, unknown>> = outlineOf(description).contributes ?? {};
    const called = Object.keys(sections).filter((section) => {
      const items = sections[section];
      const methods = this.#options.registry.point(section)?.methods;
      return (
        Array.isArray(items) && items.length > 0 && methods !== undefined && Object.keys(methods).length > 0
      );
    });
    const [first] = called;
    if (first === undefined || this.#options.runsWithoutMain(description)) return none;
    const message = `${description.id} contributes ${listed(called)} and has no "main", so no code can supply them.`;
    const finding = { code: "MANIFEST_MAIN_MISSING", severity: "error", message } as const;
    return [this.#problems.at(description, childPointer("/contributes", first), finding, "key")];
  }

  #faultOfEvent(description: ExtensionDescription, event: string): Finding | undefined {
    if (startEvents.includes(event)) return undefined;
    const { name, argument } = parseActivationEvent(event);
    const implied = this.#impliedEvents();
    const point = implied.get(name);
    if (this.#options.wasFired(event)) return undefined;
    if (point === undefined) {
      const near =
        nearest(name, [...startEvents, ...implied.keys()]) ?? startEvents.find((one) => one === name);
      const known = [...startEvents, ...[...implied.keys()].map((one) => `${one}:<id>`)];
      return near === undefined
        ? unheard(`Nothing here fires "${event}", unless the application does; known are ${listed(known)}.`)
        : unheard(
            `Nothing here fires "${event}", unless the application does.`,
            respelt(near, argument, implied),
          );
    }
    const { pointId, isById } = point;
    if (argument === undefined)
      return unheard(
        `Nothing here fires "${event}" without an id after a colon, unless the application does.`,
        `${name}:*`,
      );
    if (argument === "*" || !isById || this.#contributes(description, pointId, argument)) return undefined;
    const ids = this.#options.registry.collection(pointId)?.entries() ?? [];
    const near = nearest(
      argument,
      ids.map(({ id }) => id),
    );
    return unheard(
      `Nobody contributes "${argument}" to ${pointId}, so that nothing here fires "${event}", unless the application does.`,
      near === undefined ? undefined : `${name}:${near}`,
    );
  }

  /** Also what is not listed: a disabled extension is as it would be. */
  #contributes(description: ExtensionDescription, pointId: string, id: string): boolean {
    if (this.#options.registry.find(pointId, id) !== undefined) return true;
    const own = (outlineOf(description).contributes as Readonly<Record<string, unknown>> | undefined)?.[
      pointId
    ];
    return (
      Array.isArray(own) && own.some((item: unknown) => (item as { readonly id?: unknown } | null)?.id === id)
    );
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
