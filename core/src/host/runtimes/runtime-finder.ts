/** Finds the runtime for an extension: the application's policy, then the host's own and the application's, then contributed ones. */
import {
  ExtensionError,
  runtimes,
  type Problem,
  type Remote,
  type Runtime,
  type RuntimeDriver,
  type RuntimeTrust,
} from "@plugboard/extension-api";
import type { ContributionRegistry } from "../../contribution/contribution-registry.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { runtimeOf } from "../../lifecycle/base/activator.js";
import { childPointer } from "../../manifest/locate.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { nearest } from "../../common/nearest.js";
import type { Answer, ApplicationFunctions } from "../face/application-functions.js";
import type { ConfigPlaces } from "../state/config-places.js";
import { PlacedProblems, type Finding, type ProblemMaker } from "../face/placed-problems.js";
import type { PolicyDecision, RuntimePolicy } from "./runtime-policy.js";
import type { RuntimeSettings } from "./runtime-settings.js";

const none: readonly Problem[] = Object.freeze([]);

/** Whom it asks. @internal */
export interface RuntimeFinderOptions {
  /** The host's own runtimes. */
  readonly own: readonly Runtime[];
  /** The application's; they win. */
  readonly given: readonly Runtime[];
  readonly registry: ContributionRegistry;
  readonly settings: RuntimeSettings;
  readonly policy: RuntimePolicy;
  /** Asks that policy. */
  readonly functions: ApplicationFunctions;
  readonly places: ConfigPlaces;
  readonly problem: ProblemMaker;
}

/** A reason why an extension can't be started in its runtime, as far as that shows before a start. */
interface Obstacle {
  readonly finding: Finding;
  readonly kind: string;
  readonly decision: PolicyDecision | undefined;
}

/** Knows all runtimes. @internal */
export class RuntimeFinder {
  readonly #runtimes: ReadonlyMap<string, Runtime>;
  /** Those that have something to find out, and that nobody has asked for. */
  readonly #unprepared: Map<string, Runtime>;
  /** Kinds of the host's own runtimes, which the application has not put others in the place of. */
  readonly #ownKinds: Set<string>;
  readonly #registry: ContributionRegistry;
  readonly #settings: RuntimeSettings;
  readonly #policy: RuntimePolicy;
  readonly #functions: ApplicationFunctions;
  readonly #places: ConfigPlaces;
  readonly #problems: PlacedProblems;

  constructor(options: RuntimeFinderOptions) {
    const { own, given, registry, settings, policy, functions, places, problem } = options;
    this.#runtimes = new Map([...own, ...given].map((runtime) => [runtime.kind, runtime]));
    this.#ownKinds = new Set(own.map(({ kind }) => kind));
    for (const { kind } of given) this.#ownKinds.delete(kind);
    this.#unprepared = new Map([...this.#runtimes].filter(([, runtime]) => "prepare" in runtime));
    this.#registry = registry;
    this.#settings = settings;
    this.#policy = policy;
    this.#functions = functions;
    this.#places = places;
    this.#problems = new PlacedProblems(problem);
  }

  /** Ends what the runtimes keep ready. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#runtimes.values()].map(async (runtime) => runtime.dispose?.()));
  }

  /** Lets the runtimes that these extensions ask for find out what their first start needs. */
  async prepare(descriptions: Iterable<ExtensionDescription>): Promise<void> {
    const preparing: Promise<void>[] = [];
    for (const description of descriptions) {
      if (this.#unprepared.size === 0) break;
      const runtime = this.#takeUnprepared(description);
      if (runtime !== undefined) preparing.push(prepared(runtime));
    }
    // What keeps a runtime from being ready is told by each start in it.
    await Promise.allSettled(preparing);
  }

  /** The kind that the extension is to run in; where the application's policy fails, the one it asks for. */
  kind(description: ExtensionDescription): string {
    const decided = this.#decide(description);
    return ("value" in decided ? decided.value?.kind : undefined) ?? runtimeOf(description).kind;
  }

  /**
   * Whether a manifest without main has something to run all the same: its own `runtime` names one that is not the
   * host's, and may say what it runs in its own way. A policy alone doesn't make a program of what only declares.
   */
  runsWithoutMain(description: ExtensionDescription): boolean {
    return [runtimeOf(description).kind, this.kind(description)].every((kind) => !this.#ownKinds.has(kind));
  }

  /** What extensions that run in it may reach. Of a runtime that does not say, the worst is assumed. */
  trust(kind: string): RuntimeTrust {
    return this.#runtimes.get(kind)?.trust ?? "full rights";
  }

  /** Whether there is a runtime of the kind now; an extension that brings it may still come, or go. */
  isKnown(kind: string): boolean {
    return this.#runtimes.has(kind) || this.#registry.find(runtimes.id, kind) !== undefined;
  }

  /**
   * What keeps the extension from being started in its runtime, as far as that shows before a start. A start is refused
   * with the very same Problem.
   */
  problems(description: ExtensionDescription): readonly Problem[] {
    const obstacle = this.#obstacle(description);
    return obstacle === undefined ? none : [this.#placed(description, obstacle)];
  }

  /**
   * The runtime that is to run the extension; rejects with `RUNTIME_UNKNOWN`, `RUNTIME_START_FAILED`, `MANIFEST_INVALID`
   * for settings that it can't have, or `CONFIG_FUNCTION_FAILED`: what the application's policy can't place runs nowhere.
   */
  async find(description: ExtensionDescription): Promise<Runtime> {
    const decided = this.#decide(description);
    if ("fault" in decided) throw decided.fault;
    const kind = this.kind(description);
    const obstacle = this.#obstacle(description);
    if (obstacle !== undefined) {
      const problem = this.#placed(description, obstacle);
      const { code, message, suggestion } = problem;
      throw new ExtensionError(
        code,
        suggestion === undefined ? message : `${message} Did you mean "${suggestion}"?`,
        { extensionId: description.id, details: { kind, known: this.#kinds(), problem } },
      );
    }
    const runtime = this.#runtimes.get(kind);
    if (runtime !== undefined) return runtime;
    // A policy that asks for another runtime leaves the settings of this one without a meaning.
    if (runtimeOf(description).kind === kind) this.#settings.assertSound(description);
    // A contributed runtime is called like any contribution: the first extension that needs it activates it.
    const driver = this.#registry.find(runtimes.id, kind)?.stub as unknown as Remote<RuntimeDriver>;
    return { kind, start: (request, { signal }) => driver.start(request, { signal, timeoutMs: 0 }) };
  }

  #decide(description: ExtensionDescription): Answer<PolicyDecision | undefined> {
    return this.#functions.ask("runtimePolicy", description, () => this.#policy(description));
  }

  #obstacle(description: ExtensionDescription): Obstacle | undefined {
    const { id } = description;
    const decided = this.#decide(description);
    // That is told as a fault of the application.
    if ("fault" in decided) return undefined;
    const decision = decided.value;
    const kind = decision?.kind ?? runtimeOf(description).kind;
    const obstacle = (finding: Finding): Obstacle => ({ finding, kind, decision });
    if (this.#runtimes.has(kind)) {
      if (!this.#ownKinds.has(kind) || kind === "in-process" || !bringsRuntimes(description))
        return undefined;
      const message = `${id} brings a runtime, so it can run in-process only; its manifest or the runtime policy puts it in "${kind}".`;
      return obstacle({ code: "RUNTIME_START_FAILED", severity: "error", message });
    }
    const contribution = this.#registry.find(runtimes.id, kind);
    if (contribution === undefined) {
      const known = this.#kinds();
      const who =
        decision?.pattern === undefined
          ? `${id} asks for the runtime "${kind}"`
          : `The runtime policy names "${kind}" for ${decision.pattern}`;
      // An extension that brings it may still come.
      return obstacle({
        code: "RUNTIME_UNKNOWN",
        severity: "warning",
        message: `${who}; this host has ${known.join(", ")}.`,
        suggestion: nearest(kind, known),
      });
    }
    if (contribution.owner.id !== id) return undefined;
    const message = `${id} can't run in the runtime "${kind}" that it brings itself.`;
    return obstacle({ code: "RUNTIME_UNKNOWN", severity: "error", message });
  }

  /** Where the kind is said: in the manifest, in the table of the policy, or nowhere that has a line. */
  #placed(description: ExtensionDescription, { finding, kind, decision }: Obstacle): Problem {
    const own = outlineOf(description).runtime;
    if (decision === undefined || (decision.pattern === undefined && runtimeOf(description).kind === kind)) {
      const pointer = own === undefined ? "" : typeof own === "object" ? "/runtime/kind" : "/runtime";
      return this.#problems.at(description, pointer, finding);
    }
    const { pattern } = decision;
    return this.#problems.keep(description, "policy", finding, () => {
      const { suggestion, ...told } = finding;
      const place =
        pattern === undefined ? undefined : this.#places.at(childPointer("/runtimePolicy", pattern), "value");
      return {
        ...told,
        ...(place ?? { file: description.folder }),
        extensionId: description.id,
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    });
  }

  /** All kinds that are there now. */
  #kinds(): readonly string[] {
    const contributed = this.#registry.collection(runtimes.id)?.entries() ?? [];
    return [...this.#runtimes.keys(), ...contributed.map((entry) => entry.id)];
  }

  #takeUnprepared(description: ExtensionDescription): Runtime | undefined {
    const kind = this.kind(description);
    const runtime = this.#unprepared.get(kind);
    this.#unprepared.delete(kind);
    return runtime;
  }
}

/** Sessions of a runtime are handed over by reference, which no boundary lets through. */
function bringsRuntimes(description: ExtensionDescription): boolean {
  return Object.hasOwn(outlineOf(description).contributes ?? {}, runtimes.id);
}

async function prepared(runtime: Runtime): Promise<void> {
  await runtime.prepare?.();
}
