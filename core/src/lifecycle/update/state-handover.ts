/**
 * Takes the state of a serving generation for the next one. Calls in flight finish before the snapshot and
 * new ones wait from then on; whoever asked for it ends the waiting, by a swap or by going back.
 */
import { ExtensionError, type SavedState } from "@plugboard/extension-api";
import { exceeds } from "../../common/data-size.js";
import { contextWithin } from "../../common/deadline.js";
import { Deadlines } from "../../common/deadlines.js";
import type { UpdateFailure } from "./candidates.js";
import { unlessCrashed } from "../extension/crash-error.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import { asExtensionError } from "../extension/reason.js";

/** Takes snapshots of what generations want to hand over. @internal */
export class StateHandover {
  readonly #options: LifecycleOptions;
  readonly #deadlines = new Deadlines();

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** Has the calls wait that come from now on. */
  hold(member: ManagedExtension): void {
    member.isQueueing = true;
    this.#options.registry.connect(member);
  }

  /** Has what serves go on as it was, with the calls that waited. */
  goBack(members: readonly ManagedExtension[]): void {
    for (const member of members) {
      if (!member.isQueueing) continue;
      member.isQueueing = false;
      member.handedOver = undefined;
      this.#options.registry.connect(member);
      member.release();
    }
  }

  /** Takes the state of those who are to stop before the next generation starts, and keeps it for whoever that is. */
  async snapshotAll(members: readonly ManagedExtension[]): Promise<UpdateFailure | undefined> {
    for (const member of members) {
      if (!member.serving.savesState) continue;
      try {
        member.handedOver = await this.snapshot(member);
      } catch (error) {
        return {
          member,
          error: asExtensionError(error, "STATE_FAILED", member.id, `${member.id} failed to save its state`),
        };
      }
    }
    return undefined;
  }

  /** Takes the state of what serves, when its calls have finished; new ones wait from here on. */
  async snapshot(member: ManagedExtension): Promise<SavedState | undefined> {
    const { limits } = this.#options;
    const { session, connection } = member.serving;
    this.hold(member);
    if (connection !== undefined)
      await this.#deadlines.within(limits.drainMs, connection.inFlight.idle(), () => undefined);
    const context = contextWithin(limits.deactivateMs);
    try {
      const state = await this.#deadlines.within(
        limits.deactivateMs,
        session === undefined
          ? Promise.resolve(undefined)
          : unlessCrashed(member.serving, session.saveState(context)),
        () => {
          throw new ExtensionError(
            "STATE_FAILED",
            `${member.id} did not save its state within ${String(limits.deactivateMs)} ms.`,
            {
              extensionId: member.id,
            },
          );
        },
      );
      if (exceeds(state, limits.callBytes)) throw stateTooLarge(member.id, limits.callBytes);
      return state;
    } catch (error) {
      throw asExtensionError(error, "STATE_FAILED", member.id, `${member.id} failed to save its state`);
    }
  }
}

/** The same as of any other value that has to leave: whoever gets the state may be in another process. */
function stateTooLarge(extensionId: string, limitBytes: number): ExtensionError {
  const message = `The state of the extension holds more than ${String(limitBytes)} bytes.`;
  return new ExtensionError("CALL_TOO_LARGE", message, {
    extensionId,
    details: { what: "state", limitBytes },
  });
}
