/**
 * Candidates that could not take over, and stay in sight beside what serves with what keeps them from it.
 * Says on whom the fault is shown; when they are tried again is the update's business.
 */
import { isExtensionError } from "@plugboard/extension-api";
import type { StateReason } from "../extension/extension-state.js";
import type { FileTracker } from "../activation/file-tracker.js";
import type { IncompleteFolders } from "../activation/incomplete-folders.js";
import type { Generation } from "../extension/generation.js";
import { isCrashOf } from "../extension/crash-error.js";
import type { CrashWatch } from "../faults/crash-watch.js";
import { dependencyReason } from "../extension/lifecycle-errors.js";
import { isRefusal } from "../base/lifecycle-options.js";
import type { LifecycleEvents } from "../base/lifecycle-events.js";
import type { UpdateRequests } from "../base/lifecycle-parts.js";
import type { LifecycleRun } from "../base/lifecycle-run.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

interface WaitingCandidatesParts {
  readonly run: LifecycleRun;
  readonly lifecycleEvents: LifecycleEvents;
  readonly fileTracker: FileTracker;
  readonly incomplete: IncompleteFolders;
  readonly crashes: CrashWatch;
  readonly updates: UpdateRequests;
}

/** Shows what keeps an update from happening. @internal */
export class WaitingCandidates {
  readonly #parts: WaitingCandidatesParts;

  constructor(parts: WaitingCandidatesParts) {
    this.#parts = parts;
  }

  /** Shows what keeps the update from happening, on the one at fault and on those that wait for it. */
  leave(
    members: readonly ManagedExtension[],
    due: readonly ManagedExtension[],
    culprit: ManagedExtension,
    reason: StateReason,
  ): void {
    const isSuperseded = isExtensionError(reason.cause, "ACTIVATION_ABORTED");
    for (const member of members) {
      const { candidate } = member;
      if (candidate === undefined) continue;
      if (isSuperseded) {
        member.dropCandidate();
      } else if (member === culprit) {
        this.#settle(member, candidate, reason);
      } else if (due.includes(member)) {
        const message = `${member.id} waits for ${culprit.id}: ${reason.message}`;
        const details = { dependency: culprit.id };
        member.holdBack("unresolved", dependencyReason("DEPENDENCY_FAILED", member.id, message, details));
      } else {
        member.dropCandidate();
      }
      this.#parts.fileTracker.follow(member);
    }
  }

  /** On the one at fault: as incomplete while the rest of its folder may still come, else for good. */
  #settle(member: ManagedExtension, candidate: Generation, reason: StateReason): void {
    const { incomplete, run, updates, crashes, lifecycleEvents } = this.#parts;
    const isLoadFault = reason.code.startsWith("MODULE_") || reason.code.startsWith("MANIFEST_");
    const rest = incomplete.remainingMs(member);
    if (isLoadFault && rest > 0) {
      const waiting: StateReason = { code: "INCOMPLETE", message: reason.message, cause: reason.cause };
      member.holdBack("unresolved", waiting);
      incomplete.wait(member, rest, () => {
        if (member.candidate !== candidate) return;
        member.endIncomplete();
        member.forgive();
        run.inBackground(updates.update());
      });
      return;
    }
    if (candidate.state === "discovered" && reason.code.startsWith("MANIFEST_"))
      member.holdBack("rejected", reason);
    else if (candidate.state === "activating" && !reason.code.startsWith("DEPENDENCY_") && !isRefusal(reason))
      member.holdBack("failed", reason);
    else member.holdBack("unresolved", reason);
    if (isCrashOf(member.id, reason.cause)) crashes.noteCandidate(member, candidate, reason.cause);
    lifecycleEvents.fire("failed", member, { reason, generation: candidate.number });
  }
}
