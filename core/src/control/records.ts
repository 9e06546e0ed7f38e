/** Makes plain data of what the host tells of itself: what leaves the process holds no errors, functions or undefined fields. */
import type { Explanation, ExtensionInfo } from "../host/face/extension-host.js";
import type { StateReason } from "../lifecycle/extension/extension-state.js";
import type { ExplanationRecord, ExtensionRecord, ReasonRecord } from "./host-control.js";

/**
 * An extension as data. What it was told as before keeps the moments that are only known as "so long ago", so that
 * the same state gives the same record.
 *
 * @internal
 */
export function extensionRecord(info: ExtensionInfo, before?: ExtensionRecord): ExtensionRecord {
  const { id, version, reason, candidate, waitingMs, unresponsive, restart, ...rest } = info;
  const since = (milliseconds: number): number => Date.now() - Math.round(milliseconds);
  return {
    ...rest,
    id: id ?? null,
    version: version ?? null,
    ...(reason && { reason: reasonRecord(reason) }),
    ...(candidate && {
      candidate: {
        generation: candidate.generation,
        state: candidate.state,
        problems: candidate.problems,
        ...(candidate.reason && { reason: reasonRecord(candidate.reason) }),
      },
    }),
    ...(waitingMs !== undefined && { waitingSince: before?.waitingSince ?? since(waitingMs) }),
    ...(unresponsive && {
      unresponsive: {
        since: before?.unresponsive?.since ?? since(unresponsive.forMs),
        ...(unresponsive.place && { place: unresponsive.place }),
      },
    }),
    ...(restart && { restart: { delayMs: restart.delayMs, at: restart.at } }),
  };
}

/** An explanation as data. @internal */
export function explanationRecord(
  explanation: Explanation,
  memoryBytes: number | undefined,
): ExplanationRecord {
  const { extension, subject, capabilities, activationEvents } = explanation;
  const { dependencies, neededBy, stops, activates, history } = explanation;
  return {
    subject,
    ...(extension && {
      extension: { ...extensionRecord(extension), ...(memoryBytes !== undefined && { memoryBytes }) },
    }),
    ...(capabilities && { capabilities }),
    activationEvents,
    dependencies,
    neededBy,
    stops,
    activates,
    history,
    text: explanation.format({ memoryBytes }),
  };
}

/** A reason without its cause, which is not data. @internal */
export function reasonRecord({ code, message }: StateReason): ReasonRecord {
  return { code, message };
}
