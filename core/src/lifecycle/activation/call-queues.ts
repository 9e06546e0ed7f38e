/**
 * Calls to an extension that can't answer now: they wait, within their limits, and the first one wakes it.
 * An extension that is away for its provider's sake keeps its calls until the provider is back.
 * Invariant: a queued call is sent on or rejected, whatever becomes of the extension.
 */
import { ExtensionError } from "@plugboard/extension-api";
import type { QueuedTarget } from "../../contribution/contribution.js";
import type { ActivationEvents } from "../base/activation-events.js";
import type { ActivationCoordinator } from "./activation-coordinator.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { CallQueue, ManagedExtension } from "../extension/managed-extension.js";

interface CallQueuesParts {
  readonly options: LifecycleOptions;
  readonly run: LifecycleRun;
  readonly events: ActivationEvents;
  readonly extensions: ExtensionRegistry;
  readonly activation: ActivationCoordinator;
}

/** Queues calls until they can be answered. @internal */
export class CallQueues implements CallQueue {
  readonly #parts: CallQueuesParts;

  constructor(parts: CallQueuesParts) {
    this.#parts = parts;
  }

  /** Queues the call, within its limits, and sees to it that somebody answers it. */
  enqueue(extension: ManagedExtension, target: QueuedTarget): Promise<unknown> {
    const { options, run } = this.#parts;
    const { limits } = options;
    if (run.stopReason !== undefined) return Promise.reject(run.stopReason);
    if (extension.queuedCalls >= limits.queuedCalls) {
      return Promise.reject(
        new ExtensionError(
          "CALL_QUEUE_FULL",
          `${String(limits.queuedCalls)} calls already wait for ${extension.id}.`,
          {
            extensionId: extension.id,
            details: { limit: limits.queuedCalls },
          },
        ),
      );
    }
    const isAway = extension.isAway && extension.serving.state !== "active";
    const kept = extension.enqueue(target, {
      callMs: limits.callMs,
      away: isAway ? { limitMs: limits.dependencyMs, error: () => this.#stillAway(extension) } : undefined,
    });
    if (!extension.isQueueing) this.#wake(extension, target);
    return kept;
  }

  #stillAway(extension: ManagedExtension): ExtensionError {
    const { id } = extension;
    const limitMs = this.#parts.options.limits.dependencyMs;
    const because = extension.serving.reason?.message ?? `${id} waits for an extension that it depends on.`;
    return new ExtensionError(
      "DEPENDENCY_FAILED",
      `${because} The call waited ${String(limitMs)} ms for it.`,
      {
        extensionId: id,
        details: { limitMs },
      },
    );
  }

  /** A call came for an extension that can't answer: activates it, or tells the callers why not. */
  #wake(extension: ManagedExtension, { contribution }: QueuedTarget): void {
    const { extensions, events, run, activation } = this.#parts;
    const event = eventOf(contribution) ?? `onCall:${contribution.point.id}:${contribution.id}`;
    for (const other of extensions.known(events.listeners(event))) {
      if (other !== extension && other.serving.state === "ready")
        run.inBackground(activation.ensureActive(other, { event }));
    }
    activation.ensureActive(extension, { event }).then(
      () => {
        if (!extension.isQueueing) extension.release();
      },
      (error: unknown) => {
        if (!extension.isAway) extension.rejectQueued(error as Error);
      },
    );
  }
}

/** The event that the point implies; undefined where it has none, or fails to tell, which is shown with the item. */
function eventOf({ point, item }: QueuedTarget["contribution"]): string | undefined {
  try {
    return point.activationEvent?.(item);
  } catch {
    return undefined;
  }
}
