/**
 * A session may end by itself. Then its extension has failed, whoever runs on it goes down, and after a
 * while it is started again; one that crashes too often is left alone until its folder changes or a person
 * asks. Invariants: a crash is counted once; a restart never begins while another generation serves; no
 * call is sent a second time.
 */
import { ExtensionError, type BusyPlace } from "@plugboard/extension-api";
import type { KeyedQueue } from "../../common/keyed-queue.js";
import { crashErrorOf } from "../extension/crash-error.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { StateReason } from "../extension/extension-state.js";
import type { Generation } from "../extension/generation.js";
import type { Incident } from "../extension/incident.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { DependentsStop, Restarts } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import type { Resolver } from "../listing/resolver.js";
import { reasonOf } from "../extension/reason.js";
import type { ResponseWatch } from "./response-watch.js";
import { Supervision } from "../extension/supervision.js";

interface CrashWatchParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly queue: KeyedQueue;
  readonly extensions: ExtensionRegistry;
  readonly resolver: Resolver;
  readonly responses: ResponseWatch;
  readonly stopper: DependentsStop;
  readonly restarts: Restarts;
}

/** Watches sessions for an end that nobody asked for, and starts what has crashed again. @internal */
export class CrashWatch {
  readonly #parts: CrashWatchParts;

  constructor(parts: CrashWatchParts) {
    this.#parts = parts;
  }

  /** Has the generation, which is active, fail if its session crashes or does not answer for too long. */
  watch(extension: ManagedExtension, generation: Generation): void {
    if (generation.session === undefined) return;
    generation.onCrash((error) => {
      this.#crashed(extension, generation, error);
    });
    if (generation.session.health === undefined) return;
    const { unresponsiveMs } = this.#parts.options.restart(generation.description);
    const expire = (message: string, place?: BusyPlace) => {
      generation.crashed(crashErrorOf(generation, message, place));
    };
    this.#parts.responses.watch(extension, generation, { limitMs: unresponsiveMs, expire });
  }

  /** Counts a crash of the generation, which has failed of it, and has it restarted or left alone. */
  settle(
    extension: ManagedExtension,
    generation: Generation,
    error: ExtensionError,
    place?: BusyPlace,
  ): void {
    const { options, run } = this.#parts;
    if (!extension.serves(generation)) return;
    const policy = options.restart(generation.description);
    const supervision = (extension.supervision ??= new Supervision());
    const delayMs = supervision.consume(policy);
    const incident: Incident = {
      kind: "crashed",
      time: Date.now(),
      generation: generation.number,
      message: error.message,
      ...(place === undefined ? {} : { place }),
      outcome: delayMs === undefined ? { kind: "stopped" } : { kind: "restarting", delayMs },
    };
    supervision.history.record(incident);
    if (delayMs === undefined) {
      generation.reason = tooOften(extension, error, { ...policy, crashes: supervision.crashes(policy) });
    } else if (run.stopReason === undefined) {
      supervision.scheduleRestart(incident, delayMs, () => {
        run.inBackground(this.#restart(extension, generation));
      });
    }
  }

  /** Tells of what {@link settle} decided, after the failure has been told. */
  tell(extension: ManagedExtension): void {
    const restart = extension.supervision?.restart;
    if (restart !== undefined)
      this.#parts.lifecycleEvents.fire("restarting", extension, { delayMs: restart.delayMs });
  }

  /** Remembers that a candidate crashed; what serves goes on. */
  noteCandidate(extension: ManagedExtension, candidate: Generation, error: ExtensionError): void {
    (extension.supervision ??= new Supervision()).history.record({
      kind: "crashed",
      time: Date.now(),
      generation: candidate.number,
      message: error.message,
      outcome: { kind: "discarded" },
    });
  }

  #crashed(extension: ManagedExtension, generation: Generation, error: ExtensionError): void {
    const { options, run, lifecycleEvents, stopper } = this.#parts;
    if (generation.state !== "active") {
      // It was on its way out already: nobody but its callers needs to hear of it.
      generation.connection?.inFlight.rejectAll(error);
      return;
    }
    const place = generation.session?.health?.unresponsive?.place;
    generation.fail("failed", error);
    options.activator.kill(generation, error);
    run.alive.delete(generation);
    if (!extension.serves(generation)) return;
    this.settle(extension, generation, error, place);
    options.registry.connect(extension);
    lifecycleEvents.fire("failed", extension, { reason: generation.reason ?? reasonOf(error) });
    this.tell(extension);
    run.inBackground(stopper.stopDependents(extension));
  }

  /** Puts a new generation in the place of the crashed one, once nobody else is about to, and activates it. */
  async #restart(extension: ManagedExtension, generation: Generation): Promise<void> {
    const { run, queue, extensions, resolver, restarts } = this.#parts;
    const isDue = () =>
      extension.serves(generation) &&
      extension.supervision?.restart !== undefined &&
      run.stopReason === undefined;
    // An update that is under way may be about to bring a successor.
    const isRenewed = await queue.run([extension.id], () => {
      if (!isDue()) return Promise.resolve(false);
      extension.supervision?.beginRestart(() => {
        extensions.renew(extension);
        return extension.serving.number;
      });
      resolver.refresh([extension]);
      return Promise.resolve(true);
    });
    if (!isRenewed) return;
    try {
      await restarts.restart(extension, generation.activatedBy ?? "restart");
      extension.release();
    } catch (error) {
      if (!extension.isAway) extension.rejectQueued(error as Error);
    }
  }
}

/** Why an extension is left alone that crashed. */
function tooOften(
  { id }: ManagedExtension,
  error: ExtensionError,
  { crashes, windowMs }: { readonly crashes: number; readonly windowMs: number },
): StateReason {
  const code = "CRASHED_TOO_OFTEN";
  const times = crashes === 1 ? "once" : `${String(crashes)} times within ${duration(windowMs)}`;
  const message = `${id} crashed ${times} and is not started again by itself. Last: ${error.message}`;
  const cause = new ExtensionError("EXTENSION_CRASHED", message, {
    extensionId: id,
    details: { ...error.details, reason: code },
    cause: error,
  });
  return { code, message, cause };
}

function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${String(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  return seconds % 60 === 0 ? `${String(seconds / 60)} min` : `${String(seconds)} s`;
}
