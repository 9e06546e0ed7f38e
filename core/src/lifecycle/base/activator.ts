/**
 * Moves one generation: loads and activates it within its limits, and lets it go again. Decides neither
 * when nor in which order; knows no other extension but through the exports it is handed.
 * Invariant: whatever happens, a generation that was begun ends active, or is let go and its session disposed.
 */
import {
  ExtensionError,
  type ActivateRequest,
  isExtensionError,
  type Child,
  type DeclaredContribution,
  type DependencyExports,
  type FileStamp,
  type GrantedCapabilities,
  type Problem,
  type Runtime,
  type RuntimeSession,
  type SavedState,
  type StartRequest,
} from "@plugboard/extension-api";
import { contextWithin } from "../../common/deadline.js";
import { Deadlines } from "../../common/deadlines.js";
import { EventLoopYielder } from "../../common/event-loop-yielder.js";
import { thrownText } from "../../common/thrown-text.js";
import { InFlightCalls, type CallTimeouts } from "../../contribution/in-flight-calls.js";
import type { ContributionRegistry } from "../../contribution/contribution-registry.js";
import type { ContributionValidation } from "../../contribution/contribution-validator.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { runtimeKindOf } from "../../manifest/identity.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { cutLines } from "../../runtime/child/tell-lines.js";
import type { RuntimeKit } from "../../runtime/runtime-kit.js";
import type { StartPermit } from "../../runtime/start-semaphore.js";
import { busyText, placeDetails } from "../extension/busy-text.js";
import { tellOfCrash, unlessCrashed } from "../extension/crash-error.js";
import { GenerationConnection, type Generation } from "../extension/generation.js";
import { placeInFolder } from "../extension/place-in-folder.js";
import { asExtensionError } from "../extension/reason.js";
import { UnresponsiveWatch } from "./unresponsive-watch.js";

/** The limits that matter to one generation, in milliseconds and bytes. @internal */
export interface ActivatorLimits {
  readonly activateMs: number;
  readonly startTurnMs: number;
  readonly deactivateMs: number;
  readonly drainMs: number;
  readonly callBytes: number;
  readonly memoryBytes: number;
}

/** Everything that the host gives to every generation. @internal */
export type Environment = Pick<
  ActivateRequest,
  | "services"
  | "undeclaredServices"
  | "configuration"
  | "storage"
  | "secrets"
  | "logger"
  | "points"
  | "collection"
>;

/** The parts of an activation beside the generation. @internal */
export interface ActivationParts {
  readonly validation: ContributionValidation;
  readonly dependencies: ReadonlyMap<string, DependencyExports>;
  readonly state: SavedState | undefined;
  /** Is told when calls may be sent ahead: they wait at the other end until it is active. */
  readonly onReachable?: (connection: GenerationConnection) => void;
}

/** Whom the activator asks. @internal */
export interface ActivatorOptions {
  readonly limits: ActivatorLimits;
  readonly timeouts: CallTimeouts;
  readonly registry: ContributionRegistry;
  /** The runtime that is to run the extension; rejects with RUNTIME_UNKNOWN. */
  readonly runtime: (description: ExtensionDescription) => Promise<Runtime>;
  /** Whether that runtime finds what to run by itself, in a manifest that names no main. */
  readonly runsWithoutMain: (description: ExtensionDescription) => boolean;
  readonly environment: (generation: Generation) => Environment;
  /** What the extension declares and the application grants. */
  readonly capabilities: (description: ExtensionDescription) => GrantedCapabilities;
  /** A permit to start in the runtime; undefined if any number may start at once. */
  readonly startPermit: (runtime: Runtime) => StartPermit | undefined;
  /** What the host gives to those who bring runtimes. */
  readonly kit: RuntimeKit;
  /** The folder behind any links in which the manifest was read: what belongs to it lies there. */
  readonly realFolder: (description: ExtensionDescription) => string;
  /** The group whose thread or process the extension may share. */
  readonly group: (description: ExtensionDescription) => string | undefined;
  /**
   * Looks whether what lies in the folder may run; rejects if not. Gives the files that may be loaded, as a
   * runtime is told; undefined if any may.
   */
  readonly admit: (description: ExtensionDescription) => Promise<StartRequest["trusted"]>;
  /** Is told before a generation reads anything. */
  readonly onStart: (generation: Generation) => void;
  /** Is told of every file that a generation loads or looks for. */
  readonly onFile: (generation: Generation) => void;
  /** Is told when something was found wrong with what a generation does. */
  readonly onProblem: (generation: Generation) => void;
  /** Hears of the host's own mistakes. */
  readonly report: (error: unknown) => void;
}

/** Loads, activates and lets go of generations. @internal */
export class Activator {
  readonly #options: ActivatorOptions;
  readonly #deadlines = new Deadlines();
  readonly #yielder = new EventLoopYielder();

  constructor(options: ActivatorOptions) {
    this.#options = options;
  }

  /** Loads the code. `reuse` is an earlier session whose code is to be used again as it was loaded. */
  async load(generation: Generation, reuse?: RuntimeSession): Promise<number> {
    const { description } = generation;
    const { main } = outlineOf(description);
    const startedAt = performance.now();
    const options = this.#options;
    if (main === undefined && !options.runsWithoutMain(description)) return 0;
    let logger: StartRequest["logger"] | undefined;
    const trusted = reuse === undefined ? await options.admit(description) : undefined;
    options.onStart(generation);
    const runtime = await options.runtime(description);
    let permit = reuse === undefined ? options.startPermit(runtime) : undefined;
    if (permit?.acquired !== undefined) await this.#acquire(generation, permit);
    const limit = new LoadLimit(this.#options.limits.activateMs);
    const children = new Set<Child>();
    let acquiring: Promise<void> | undefined;
    // Only who is about to start a program needs a permit: a runtime that is not there yet may itself wait for what needs one.
    const acquire = async (): Promise<void> => {
      permit = options.kit.starts.acquire();
      if (permit.acquired === undefined) return;
      limit.pause();
      await this.#acquire(generation, permit).finally(() => limit.resume());
    };
    const request: StartRequest = {
      extension: { id: description.id, version: description.version, path: options.realFolder(description) },
      generation: generation.number,
      main: main ?? "",
      runtime: runtimeOf(description),
      group: options.group(description),
      // A runtime that keeps an extension in no box asks for neither.
      get capabilities() {
        return options.capabilities(description);
      },
      get logger() {
        return (logger ??= options.environment(generation).logger);
      },
      trusted,
      onFile: (path, stamp) => {
        this.#note(generation, path, stamp);
      },
      onProblem: (problem) => {
        generation.problems = [...generation.problems, problemOf(description, problem)];
        options.onProblem(generation);
      },
      extendTimeout: (milliseconds) => {
        limit.extend(milliseconds);
      },
      reuse,
      openSession: (channel) => options.kit.openSession(request, channel),
      createFolder: () => options.kit.createFolder(request),
      heartbeat: (parts) => options.kit.heartbeat(parts),
      cutLines,
      startChild: async (program) => {
        await (acquiring ??= permit === undefined ? acquire() : Promise.resolve());
        generation.signal.throwIfAborted();
        const child = await options.kit.startChild(request, program);
        if (hasFailed) child.kill();
        else children.add(child);
        return child;
      },
    };
    let hasFailed = false;
    const starting = runtime.start(request, {
      get signal() {
        return generation.signal;
      },
    });
    try {
      const session = await this.#loaded(generation, starting, limit);
      generation.session = session;
      permit?.releaseOnceLoaded(session);
      tellOfCrash(generation, session, options.report);
    } catch (error) {
      permit?.release();
      hasFailed = true;
      for (const child of children) child.kill();
      // Nobody waits for the session any more; when it comes it is let go.
      starting.then(
        (session) => {
          session.dispose();
        },
        () => undefined,
      );
      throw asExtensionError(
        error,
        "RUNTIME_START_FAILED",
        description.id,
        `${description.id} could not be loaded`,
      );
    }
    return performance.now() - startedAt - (generation.waitedMs ?? 0);
  }

  /** Activates what was loaded. On failure the generation is let go before this rejects. */
  async activate(generation: Generation, loadMs: number, parts: ActivationParts): Promise<void> {
    const { session, description } = generation;
    if (session === undefined) {
      generation.times = { load: 0, call: 0, settle: 0 };
      generation.connection = this.#connect(generation);
      generation.problems = this.#unsupplied(generation, parts.validation);
      return;
    }
    try {
      const activating = session.activate({
        ...this.#options.environment(generation),
        contributions: this.#declared(parts.validation),
        dependencies: parts.dependencies,
        state: parts.state,
        limits: {
          callMs: this.#options.timeouts.limitMs,
          callBytes: this.#options.limits.callBytes,
          memoryBytes: this.#options.limits.memoryBytes,
        },
        get signal() {
          return generation.signal;
        },
      });
      if (session.queuesCalls === true && parts.onReachable !== undefined) {
        generation.connection = this.#connect(generation);
        parts.onReachable(generation.connection);
      }
      const { activateMs } = this.#options.limits;
      const late = () => {
        throw this.#timeout(generation, "activate", activateMs);
      };
      const result = await this.#deadlines.within(activateMs, activating, late, generation);
      generation.savesState = result.savesState;
      const { waitedMs } = generation;
      generation.times = {
        ...(waitedMs === undefined ? {} : { wait: waitedMs }),
        load: loadMs,
        ...result.times,
      };
      const findings = [...result.findings, ...(session.gaps ?? []).map(unconfined)];
      const problems = findings.map((finding) => problemOf(description, finding));
      if (problems.length > 0) generation.problems = [...generation.problems, ...problems];
      generation.connection ??= this.#connect(generation);
    } catch (error) {
      const failure = asExtensionError(
        error,
        "ACTIVATION_FAILED",
        description.id,
        `${description.id} failed to activate`,
        placeOf(description, error),
      );
      this.discard(generation, failure);
      throw failure;
    }
  }

  /** Lets a generation go that never became active: what it subscribed is disposed, `deactivate` is not called. */
  discard(generation: Generation, reason: Error): void {
    generation.abort(reason);
    letGo(generation);
    generation.connection?.inFlight.rejectAll(reason);
    generation.connection = undefined;
  }

  /**
   * Lets an active generation go: waits for its calls, calls `deactivate`, disposes what it subscribed.
   * Never rejects; what went wrong is among the generation's problems. The code of one that is kept can be started
   * again until {@link letGo}.
   */
  async retire(
    generation: Generation,
    reason: Error,
    { isKept = false }: { readonly isKept?: boolean } = {},
  ): Promise<void> {
    const { session, connection, description } = generation;
    const { limits } = this.#options;
    // At the end of the host nobody waits for what will not come: an update may, the next call finds another generation.
    const unresponsive = isExtensionError(reason, "HOST_STOPPED")
      ? new UnresponsiveWatch(session?.health)
      : undefined;
    const unlessUnresponsive = async <T>(answer: Promise<T>): Promise<T | undefined> =>
      unresponsive === undefined ? answer : Promise.race([answer, unresponsive.begun]);
    if (connection !== undefined && connection.inFlight.size > 0) {
      await this.#deadlines.within(
        limits.drainMs,
        unlessUnresponsive(connection.inFlight.idle()),
        () => undefined,
      );
      connection.inFlight.abort(reason);
    }
    // An extension whose deactivate has itself reloaded must not keep everything else from having a turn.
    await this.#yielder.due();
    generation.abort(reason);
    // What has crashed has nothing left that could deactivate.
    if (session !== undefined && generation.crash === undefined) {
      const problems: Problem[] = [];
      const report = (code: "DEACTIVATION_FAILED" | "DEACTIVATION_TIMEOUT", message: string) => {
        problems.push({
          code,
          severity: "warning",
          file: description.folder,
          message,
          extensionId: description.id,
        });
      };
      const context = contextWithin(limits.deactivateMs);
      try {
        const deactivating = unlessCrashed(generation, session.deactivate(context));
        await this.#deadlines.within(limits.deactivateMs, unlessUnresponsive(deactivating), () => {
          report(
            "DEACTIVATION_TIMEOUT",
            `${description.id} did not deactivate within ${String(limits.deactivateMs)} ms.`,
          );
        });
      } catch (error) {
        report("DEACTIVATION_FAILED", `${description.id} failed to deactivate: ${thrownText(error)}`);
      }
      if (unresponsive?.isBegun === true)
        report(
          "DEACTIVATION_TIMEOUT",
          `${description.id} does not answer, and was ended without its deactivate.`,
        );
      if (problems.length > 0) generation.problems = [...generation.problems, ...problems];
    }
    if (!isKept || session?.keepsCode !== true || generation.crash !== undefined) letGo(generation);
    unresponsive?.end();
    connection?.inFlight.rejectAll(reason);
  }

  /** Takes back an activation that is not to count: what came up is retired, the rest is discarded. Never rejects. */
  async undo(generation: Generation, reason: Error): Promise<void> {
    if (generation.times === undefined) this.discard(generation, reason);
    else await this.retire(generation, reason);
  }

  /** Lets the code go of a generation that was kept when it was retired. */
  letGo(generation: Generation): void {
    if (generation.session?.keepsCode === true) letGo(generation);
  }

  /** Ends an active generation without waiting for anything. */
  kill(generation: Generation, reason: Error): void {
    generation.abort(reason);
    letGo(generation);
    generation.connection?.inFlight.rejectAll(reason);
  }

  /** Waits until it may start. That is no fault of the extension, and not counted among its own times. */
  async #acquire(generation: Generation, permit: StartPermit): Promise<void> {
    const since = performance.now();
    generation.waitingSince = since;
    try {
      const { startTurnMs } = this.#options.limits;
      const expire = () => {
        throw noTurn(generation.description.id, startTurnMs);
      };
      await this.#deadlines.within(startTurnMs, permit.acquired ?? Promise.resolve(), expire, generation);
    } catch (error) {
      permit.release();
      throw error;
    } finally {
      generation.waitingSince = undefined;
      generation.waitedMs = performance.now() - since;
    }
  }

  #note(generation: Generation, path: string, stamp: FileStamp): void {
    (generation.files ??= new Map()).set(path, stamp);
    this.#options.onFile(generation);
  }

  #connect(generation: Generation): GenerationConnection {
    const { timeouts, limits } = this.#options;
    return new GenerationConnection(
      new InFlightCalls(timeouts, generation.description.id, limits.callBytes),
      generation.session,
    );
  }

  #declared(validation: ContributionValidation): readonly DeclaredContribution[] {
    const declared: DeclaredContribution[] = [];
    for (const [pointId, items] of Object.entries(validation.claims)) {
      const methods = this.#options.registry.point(pointId)?.methods;
      if (methods === undefined || Object.keys(methods).length === 0) continue;
      for (const { id } of items) declared.push({ point: pointId, id, methods });
    }
    return declared;
  }

  #unsupplied(generation: Generation, validation: ContributionValidation): readonly Problem[] {
    const { description } = generation;
    return this.#declared(validation).map(({ point, id }) => ({
      code: "CONTRIBUTION_MISSING",
      severity: "warning",
      file: description.folder,
      message: `${description.id} declares ${point} "${id}" but names no main that supplies it.`,
      extensionId: description.id,
    }));
  }

  /** What is being started, once it is, within its limit and for as long as the generation is wanted. */
  #loaded(
    generation: Generation,
    starting: Promise<RuntimeSession>,
    limit: LoadLimit,
  ): Promise<RuntimeSession> {
    const wait = (milliseconds: number): Promise<RuntimeSession> =>
      this.#deadlines.within(milliseconds, starting, late, generation);
    const late = (): Promise<RuntimeSession> => {
      const { leftMs } = limit;
      if (leftMs > 0) return wait(leftMs);
      throw this.#timeout(generation, "load", limit.milliseconds);
    };
    return wait(limit.milliseconds);
  }

  #timeout(generation: Generation, what: "load" | "activate", limitMs: number): ExtensionError {
    const { id } = generation.description;
    const place = generation.session?.health?.unresponsive?.place;
    const busy = place === undefined ? "" : `: it is ${busyText(place)}`;
    return new ExtensionError(
      "ACTIVATION_TIMEOUT",
      `${id} did not ${what} within ${String(Math.round(limitMs))} ms${busy}.`,
      { extensionId: id, details: { limitMs: Math.round(limitMs), ...(place && placeDetails(place)) } },
    );
  }
}

/** The limit of loading: as the host says, or longer if the runtime asks for it. 0 is without limit. */
class LoadLimit {
  milliseconds: number;
  #startedAt = performance.now();
  #pausedAt: number | undefined;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  get leftMs(): number {
    if (this.#pausedAt !== undefined) return this.milliseconds;
    return this.#startedAt + this.milliseconds - performance.now();
  }

  /** What follows is not counted, and has a limit of its own. */
  pause(): void {
    this.#pausedAt = performance.now();
  }

  resume(): void {
    if (this.#pausedAt !== undefined) this.#startedAt += performance.now() - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  extend(milliseconds: number): void {
    const whole = performance.now() - this.#startedAt + milliseconds;
    if (this.milliseconds > 0 && whole > this.milliseconds) this.milliseconds = whole;
  }
}

function noTurn(id: string, limitMs: number): ExtensionError {
  return new ExtensionError(
    "ACTIVATION_TIMEOUT",
    `${id} did not get its turn to start within ${String(limitMs)} ms: other workers and processes were starting all the time.`,
    { extensionId: id, details: { limitMs } },
  );
}

/** Disposes the session. A runtime may be anyone's: a fault of it must not stop what has to follow. */
function letGo(generation: Generation): void {
  try {
    generation.session?.dispose();
  } catch (error) {
    const message = `${generation.description.id} could not be let go: ${thrownText(error)}`;
    const problem = problemOf(generation.description, { code: "DEACTIVATION_FAILED", message });
    generation.problems = [...generation.problems, problem];
  }
}

function unconfined(message: string): Pick<Problem, "code" | "message"> {
  return { code: "RUNTIME_UNCONFINED", message };
}

function problemOf(
  { folder, id }: ExtensionDescription,
  { code, message }: Pick<Problem, "code" | "message">,
): Problem {
  return { code, severity: "warning", file: folder, message, extensionId: id };
}

/** Where in the extension's own files the error comes from, as far as its stack tells. */
function placeOf({ folder }: ExtensionDescription, error: unknown): Readonly<Record<string, unknown>> {
  try {
    return { ...placeInFolder(folder, error instanceof Error ? error.stack : undefined) };
  } catch {
    // The stack is a trap of the author's: then there is no place to tell.
    return {};
  }
}

/** The manifest's `runtime` in its long form. @internal */
export function runtimeOf(
  description: ExtensionDescription,
): { readonly kind: string } & Readonly<Record<string, unknown>> {
  const outline = outlineOf(description);
  if (typeof outline.runtime !== "object") return { kind: runtimeKindOf(outline) };
  // The runtime gets this very object: the frozen one.
  const { runtime: frozen } = description.manifest;
  return typeof frozen === "object" ? frozen : outline.runtime;
}
