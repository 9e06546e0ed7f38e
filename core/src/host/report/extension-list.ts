/** The list of a host's extensions: one entry a folder, made when somebody asks. */
import type { Event, Problem, RuntimeTrust } from "@plugboard/extension-api";
import { Deadlines } from "../../common/deadlines.js";
import type { ContributionRegistry } from "../../contribution/contribution-registry.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { ExtensionDiscovery } from "../../discovery/extension-discovery.js";
import { placeOf, type BrokenFolder } from "../../discovery/folder-entry.js";
import type { ExtensionEvent } from "../../lifecycle/extension/extension-event.js";
import type { ExtensionLifecycle } from "../../lifecycle/extension-lifecycle.js";
import type { Generation } from "../../lifecycle/extension/generation.js";
import type { ManagedExtension } from "../../lifecycle/extension/managed-extension.js";
import { defaultRuntime } from "../../manifest/identity.js";
import type { ExaminedContent } from "../../trust/decision.js";
import type { CandidateInfo, ExtensionInfo, ExtensionList } from "../face/extension-host.js";
import type { ApplicationFunctions } from "../face/application-functions.js";
import type { RuntimeSettings } from "../runtimes/runtime-settings.js";
import { problemOf, unresponsiveProblem } from "./problem-of.js";
import type { CapabilityPolicy } from "../runtimes/capability-policy.js";
import type { DeclarationChecks } from "./declaration-checks.js";
import type { RuntimeFinder } from "../runtimes/runtime-finder.js";
import type { Settings } from "../state/settings.js";
import { signatureInfo } from "../trust/signature-info.js";

/** Whom the list asks. @internal */
export interface ExtensionListOptions {
  readonly discovery: ExtensionDiscovery;
  readonly lifecycle: ExtensionLifecycle;
  readonly registry: ContributionRegistry;
  /** When something last happened in the folder. */
  readonly lastEventAt: (folder: string) => number | undefined;
  readonly settings: Settings;
  readonly capabilities: CapabilityPolicy;
  readonly runtimeSettings: RuntimeSettings;
  readonly functions: ApplicationFunctions;
  readonly runtimeKind: (description: ExtensionDescription) => string;
  /** Undefined for a runtime that nobody brings. */
  readonly trust: (kind: string) => RuntimeTrust | undefined;
  readonly runtimes: Pick<RuntimeFinder, "problems">;
  readonly declarations: DeclarationChecks;
  /** What the files of the folder were found to be. */
  readonly content: (description: ExtensionDescription) => ExaminedContent | undefined;
  readonly onDidChange: Event<ExtensionEvent>;
  /** How long a folder that can't be read counts as a copy under way. */
  readonly incompleteMs: number;
}

const none: readonly Problem[] = Object.freeze([]);

/** The wait for a session to tell how much memory is in use. */
const memoryLimitMs = 1_000;

/** All extensions, as of the moment they are asked for. @internal */
export class HostExtensions implements ExtensionList {
  readonly #options: ExtensionListOptions;

  constructor(options: ExtensionListOptions) {
    this.#options = options;
  }

  get onDidChange(): Event<ExtensionEvent> {
    return this.#options.onDidChange;
  }

  get size(): number {
    return this.#options.discovery.size;
  }

  get(id: string): ExtensionInfo | undefined {
    const extension = this.#options.lifecycle.get(id);
    if (extension !== undefined) return this.#info(extension);
    for (const entry of this.#options.discovery.entries()) {
      if (entry.kind === "broken" && entry.broken.id === id) return this.#broken(entry.broken);
    }
    return undefined;
  }

  /** What lies in the folder of that path, or of that name where its manifest does not tell an id. */
  named(subject: string): ExtensionInfo | undefined {
    for (const entry of this.#options.discovery.entries()) {
      const { folder, name, id } = placeOf(entry);
      if (folder === subject || (id === undefined && name === subject)) return this.inFolder(folder);
    }
    return undefined;
  }

  *[Symbol.iterator](): Iterator<ExtensionInfo> {
    for (const entry of this.#options.discovery.entries()) {
      const { folder } = entry.kind === "extension" ? entry.description : entry.broken;
      const info = this.inFolder(folder);
      if (info !== undefined) yield info;
    }
  }

  /** Everything found wrong in the folders, for those who need nothing else of them. */
  problems(): readonly Problem[] {
    const problems: Problem[] = [];
    for (const entry of this.#options.discovery.entries()) {
      const { folder, id } = placeOf(entry);
      const known = id === undefined ? undefined : this.#options.lifecycle.get(id);
      const extension =
        known?.description.folder === folder ? known : this.#options.lifecycle.inFolder(folder);
      const found = extension === undefined ? this.inFolder(folder)?.problems : this.#problems(extension);
      if (found !== undefined) for (const problem of found) problems.push(problem);
    }
    return problems;
  }

  /** Bytes of memory of what runs the extension, as far as anybody can tell in time. */
  async memory(id: string): Promise<number | undefined> {
    const serving = this.#options.lifecycle.get(id)?.serving;
    const health = serving?.isRunning === true ? serving.session?.health : undefined;
    if (health === undefined) return undefined;
    try {
      return await new Deadlines().within<number | undefined>(
        memoryLimitMs,
        health.memory(),
        () => undefined,
      );
    } catch {
      // What runs it is ending; then it has no memory to speak of.
      return undefined;
    }
  }

  /** What is in the folder. */
  inFolder(folder: string): ExtensionInfo | undefined {
    const extension = this.#options.lifecycle.inFolder(folder);
    if (extension !== undefined) return this.#info(extension);
    const entry = this.#options.discovery.entry(folder);
    if (entry === undefined) return undefined;
    return entry.kind === "broken" ? this.#broken(entry.broken) : this.#shadowed(entry.description);
  }

  #info(extension: ManagedExtension): ExtensionInfo {
    const { serving, candidate, description, leftovers } = extension;
    const { reason, times, activatedBy, waitingSince } = serving;
    const runtime = this.#options.runtimeKind(serving.description);
    const health = serving.isRunning ? serving.session?.health : undefined;
    const unresponsive = serving.state === "active" ? health?.unresponsive : undefined;
    const restart = extension.supervision?.restart;
    return {
      id: extension.id,
      version: serving.description.version,
      state: serving.state,
      ...(reason === undefined ? {} : { reason }),
      generation: serving.number,
      ...(candidate === undefined ? {} : { candidate: this.#candidate(extension, candidate) }),
      runtime,
      ...this.#trust(runtime),
      folder: description.folder,
      contributes: this.#contributes(extension),
      problems: this.#problems(extension),
      ...this.#signature(extension),
      ...(times === undefined ? {} : { times }),
      ...(waitingSince === undefined ? {} : { waitingMs: performance.now() - waitingSince }),
      ...(activatedBy === undefined ? {} : { activatedBy }),
      ...(unresponsive === undefined ? {} : { unresponsive }),
      ...(restart === undefined ? {} : { restart: { delayMs: restart.delayMs, at: restart.at } }),
      ...(health?.processId === undefined ? {} : { processId: health.processId }),
      ...(leftovers === undefined ? {} : { leftovers }),
    };
  }

  #trust(runtime: string): Pick<ExtensionInfo, "trust"> {
    const trust = this.#options.trust(runtime);
    return trust === undefined ? {} : { trust };
  }

  #signature({ description }: ManagedExtension): Pick<ExtensionInfo, "signature"> {
    const content = this.#options.content(description);
    return content === undefined ? {} : { signature: signatureInfo(content) };
  }

  #candidate(extension: ManagedExtension, candidate: Generation): CandidateInfo {
    const problem = problemOf(candidate.reason, extension.id, extension.description.folder);
    const { validation } = extension;
    const isNewer = candidate.description !== extension.serving.description;
    const found = [
      ...(extension.broken ?? []),
      ...(isNewer ? candidate.description.problems : []),
      ...(isNewer && validation?.description === candidate.description ? validation.problems : []),
    ];
    const isNamed = found.some((other) => other.code === problem?.code && other.message === problem.message);
    return {
      generation: candidate.number,
      state: candidate.state,
      ...(candidate.reason === undefined ? {} : { reason: candidate.reason }),
      problems: problem === undefined || isNamed ? found : [...found, problem],
    };
  }

  #contributes(extension: ManagedExtension): Readonly<Record<string, readonly string[]>> {
    const contributes: Record<string, string[]> = {};
    for (const contribution of this.#options.registry.claimedBy(extension)) {
      if (contribution.owner !== extension) continue;
      (contributes[contribution.point.id] ??= []).push(contribution.id);
    }
    return contributes;
  }

  #problems(extension: ManagedExtension): readonly Problem[] {
    const { serving, broken } = extension;
    // While a generation serves, what is wrong with the folder now is the candidate's.
    const description = serving.isRunning ? serving.description : extension.description;
    const validation = serving.isRunning ? extension.listed : extension.validation;
    const problems = description.problems.concat(validation?.problems ?? [], serving.problems);
    if (!serving.isRunning && broken !== undefined) problems.push(...broken);
    const problem = problemOf(serving.reason, extension.id, description.folder);
    if (problem !== undefined && !problems.includes(problem)) problems.push(problem);
    if (serving.state === "active" && serving.session?.health?.unresponsive !== undefined)
      problems.push(unresponsiveProblem(serving, serving.session.health.unresponsive));
    return problems.concat(
      this.#early(extension, description).filter((problem) => !problems.includes(problem)),
      this.#options.settings.problems(description),
      this.#options.capabilities.problems(description),
      // What a start has found out about the same place is the newer word.
      this.#options.runtimeSettings
        .problems(description, { ofUnusedSchemas: serving.isRunning })
        .filter(({ code, path }) => !problems.some((known) => known.code === code && known.path === path)),
      this.#options.functions.problems(description),
      this.#shadowedContributions(extension),
    );
  }

  /** What shows before it runs. While it is not trusted nothing does: what it lacks may come with others that are trusted later. */
  #early({ isRefused }: ManagedExtension, description: ExtensionDescription): readonly Problem[] {
    const { declarations, runtimes } = this.#options;
    if (isRefused) return none;
    const declared = declarations.problems(description);
    const unplaced = runtimes.problems(description);
    return unplaced.length === 0 ? declared : [...declared, ...unplaced];
  }

  #shadowedContributions(extension: ManagedExtension): readonly Problem[] {
    const problems: Problem[] = [];
    for (const contribution of this.#options.registry.claimedBy(extension)) {
      const winner = contribution.owner;
      if (winner === extension) continue;
      const claim = contribution.claimOf(extension);
      const winnerFolder = this.#options.lifecycle.get(winner.id)?.description.folder ?? winner.id;
      problems.push({
        code: "CONTRIBUTION_SHADOWED",
        severity: "warning",
        file: extension.description.folder,
        path: `/contributes/${contribution.point.id}/${String(claim?.index ?? 0)}/id`,
        message: `${contribution.point.id} "${contribution.id}" of ${extension.id} is not used: ${winner.id} in ${winnerFolder} comes first.`,
        extensionId: extension.id,
      });
    }
    return problems;
  }

  #shadowed(description: ExtensionDescription): ExtensionInfo {
    const runtime = this.#options.runtimeKind(description);
    const shadow = [...this.#options.discovery.shadowed()].find(
      (other) => other.description.folder === description.folder,
    );
    const problem = shadow?.problem;
    return {
      id: description.id,
      version: description.version,
      state: "blocked",
      reason: {
        code: "SHADOWED",
        message: problem?.message ?? `Another folder provides ${description.id}.`,
      },
      generation: 0,
      runtime,
      ...this.#trust(runtime),
      folder: description.folder,
      contributes: {},
      problems: [...description.problems, ...(problem === undefined ? [] : [problem])],
    };
  }

  #broken(broken: BrokenFolder): ExtensionInfo {
    const lastEventAt = this.#options.lastEventAt(broken.folder) ?? -Infinity;
    const isIncomplete = performance.now() - lastEventAt < this.#options.incompleteMs;
    return {
      id: broken.id,
      version: broken.version,
      state: isIncomplete ? "blocked" : "invalid",
      ...(isIncomplete
        ? {
            reason: {
              code: "INCOMPLETE",
              message: broken.problems[0]?.message ?? "The folder is not complete.",
            },
          }
        : {}),
      generation: 0,
      runtime: defaultRuntime,
      trust: "full rights",
      folder: broken.folder,
      contributes: {},
      problems: broken.problems,
    };
  }
}
