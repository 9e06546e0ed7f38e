/** Finds the runtime for an extension: the application's policy, then the host's own and the application's, then contributed ones. */
import {
  ExtensionError,
  runtimes,
  type Remote,
  type Runtime,
  type RuntimeDriver,
  type RuntimeTrust,
} from "@plugboard/extension-api";
import type { ContributionRegistry } from "../contribution/contribution-registry.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { runtimeOf } from "../lifecycle/activator.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import type { Answer, ApplicationFunctions } from "./application-functions.js";
import { didYouMean } from "./host-errors.js";
import type { HostOptions } from "./host-options.js";
import type { RuntimeSettings } from "./runtime-settings.js";

/** Knows all runtimes. @internal */
export class RuntimeFinder {
  readonly #runtimes: ReadonlyMap<string, Runtime>;
  /** Those that have something to find out, and that nobody has asked for. */
  readonly #unprepared: Map<string, Runtime>;
  /** Kinds of the host's own runtimes, which the application has not put others in the place of. */
  readonly #ownKinds: Set<string>;
  readonly #registry: ContributionRegistry;
  readonly #settings: RuntimeSettings;
  readonly #policy: HostOptions["runtimePolicy"];
  readonly #functions: ApplicationFunctions;

  constructor(
    { own, given }: { readonly own: readonly Runtime[]; readonly given: readonly Runtime[] },
    registry: ContributionRegistry,
    settings: RuntimeSettings,
    {
      policy,
      functions,
    }: { readonly policy: HostOptions["runtimePolicy"]; readonly functions: ApplicationFunctions },
  ) {
    this.#runtimes = new Map([...own, ...given].map((runtime) => [runtime.kind, runtime]));
    this.#ownKinds = new Set(own.map(({ kind }) => kind));
    for (const { kind } of given) this.#ownKinds.delete(kind);
    this.#unprepared = new Map([...this.#runtimes].filter(([, runtime]) => "prepare" in runtime));
    this.#registry = registry;
    this.#settings = settings;
    this.#policy = policy;
    this.#functions = functions;
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
    const answer = this.#kind(description);
    return "value" in answer ? answer.value : runtimeOf(description).kind;
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

  /**
   * The runtime that is to run the extension; rejects with `RUNTIME_UNKNOWN`, `RUNTIME_START_FAILED`, `MANIFEST_INVALID`
   * for settings that it can't have, or `CONFIG_FUNCTION_FAILED`: what the application's policy can't place runs nowhere.
   */
  async find(description: ExtensionDescription): Promise<Runtime> {
    const { id } = description;
    const answer = this.#kind(description);
    if ("fault" in answer) throw answer.fault;
    const kind = answer.value;
    const runtime = this.#runtimes.get(kind);
    if (this.#ownKinds.has(kind) && kind !== "in-process" && bringsRuntimes(description)) {
      throw new ExtensionError(
        "RUNTIME_START_FAILED",
        `${id} brings a runtime, so it can run in-process only; its manifest or the runtime policy puts it in "${kind}".`,
        { extensionId: id, details: { kind } },
      );
    }
    if (runtime !== undefined) return runtime;
    const contribution = this.#registry.find(runtimes.id, kind);
    if (contribution === undefined) {
      const contributed = this.#registry.collection(runtimes.id)?.entries() ?? [];
      const known = [...this.#runtimes.keys(), ...contributed.map((entry) => entry.id)];
      throw new ExtensionError(
        "RUNTIME_UNKNOWN",
        `${id} asks for the runtime "${kind}"; this host has ${known.join(", ")}.${didYouMean(kind, known)}`,
        { extensionId: id, details: { kind, known } },
      );
    }
    if (contribution.owner.id === id) {
      throw new ExtensionError(
        "RUNTIME_UNKNOWN",
        `${id} can't run in the runtime "${kind}" that it brings itself.`,
        {
          extensionId: id,
          details: { kind },
        },
      );
    }
    // A policy that asks for another runtime leaves the settings of this one without a meaning.
    if (runtimeOf(description).kind === kind) this.#settings.assertSound(description);
    // A contributed runtime is called like any contribution: the first extension that needs it activates it.
    const driver = contribution.stub as unknown as Remote<RuntimeDriver>;
    return { kind, start: (request, { signal }) => driver.start(request, { signal, timeoutMs: 0 }) };
  }

  #kind(description: ExtensionDescription): Answer<string> {
    const policy = this.#policy;
    if (policy === undefined) return { value: runtimeOf(description).kind };
    return this.#functions.ask("runtimePolicy", description, () => {
      // The application may be written in plain JavaScript.
      const kind = (policy(description) as unknown) ?? runtimeOf(description).kind;
      if (typeof kind !== "string")
        throw new TypeError(`It returned ${typeof kind}, not the kind of a runtime.`);
      return kind;
    });
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
