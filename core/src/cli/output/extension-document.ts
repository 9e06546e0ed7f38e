/** An extension as documents and event lines carry it. The form is stable; fields may be added. */
import type { ExtensionRecord } from "../../control.js";
import type {
  BusyPlace,
  CandidateInfo,
  ExtensionInfo,
  Incident,
  StateReason,
  Unresponsive,
} from "../../index.js";
import { busyFileText } from "./extension-state-text.js";
import { pathText } from "./path-text.js";
import { problemDocument } from "./problem-text.js";

/** An extension for a program: `id` and `version` are null where the manifest can't be read. @internal */
export function extensionDocument(info: ExtensionInfo, cwd: string): Readonly<Record<string, unknown>> {
  return {
    id: info.id ?? null,
    version: info.version ?? null,
    state: info.state,
    ...(info.reason && { reason: reasonDocument(info.reason) }),
    generation: info.generation,
    ...(info.candidate && { candidate: candidateDocument(info.candidate, cwd) }),
    runtime: info.runtime,
    ...(info.trust && { trust: info.trust }),
    folder: pathText(info.folder, cwd),
    contributes: info.contributes,
    problems: info.problems.map((problem) => problemDocument(problem, cwd)),
    ...(info.signature && { signature: info.signature }),
    ...(info.times && { times: info.times }),
    ...(info.waitingMs !== undefined && { waitingMs: info.waitingMs }),
    ...(info.activatedBy !== undefined && { activatedBy: info.activatedBy }),
    ...(info.unresponsive && { unresponsive: unresponsiveDocument(info.unresponsive, cwd) }),
    ...(info.restart && { restart: { ...info.restart, at: new Date(info.restart.at).toISOString() } }),
    ...(info.processId !== undefined && { processId: info.processId }),
    ...(info.leftovers && { leftovers: info.leftovers }),
  };
}

/** The same of what a control tells, with the memory of what runs it, where it was asked for. @internal */
export function recordDocument(record: ExtensionRecord, cwd: string): Readonly<Record<string, unknown>> {
  const { memoryBytes } = record;
  return { ...extensionDocument(infoOf(record), cwd), ...(memoryBytes !== undefined && { memoryBytes }) };
}

/** What a control tells of an extension, as the host itself would. @internal */
export function infoOf(record: ExtensionRecord): ExtensionInfo {
  const { id, version, waitingSince, unresponsive, ...rest } = record;
  return {
    ...rest,
    id: id ?? undefined,
    version: version ?? undefined,
    ...(waitingSince !== undefined && { waitingMs: Date.now() - waitingSince }),
    ...(unresponsive && {
      unresponsive: { forMs: Date.now() - unresponsive.since, place: unresponsive.place },
    }),
  };
}

/** That an extension does not answer, for a program. @internal */
export function unresponsiveDocument(
  { forMs, place }: Unresponsive,
  cwd: string,
): Readonly<Record<string, unknown>> {
  return { forMs, ...(place && { place: placeDocument(place, cwd) }) };
}

/** A crash or a spell of silence, for a program. @internal */
export function incidentDocument(incident: Incident, cwd: string): Readonly<Record<string, unknown>> {
  const { place, time, ...rest } = incident;
  return {
    time: new Date(time).toISOString(),
    ...rest,
    ...(place && { place: placeDocument(place, cwd) }),
  };
}

function placeDocument(place: BusyPlace, cwd: string): Readonly<Record<string, unknown>> {
  return { ...place, file: busyFileText(place.file, cwd) };
}

/** A reason without its cause, which is not data. @internal */
export function reasonDocument({ code, message }: StateReason): {
  readonly code: string;
  readonly message: string;
} {
  return { code, message };
}

function candidateDocument(candidate: CandidateInfo, cwd: string): Readonly<Record<string, unknown>> {
  return {
    generation: candidate.generation,
    state: candidate.state,
    ...(candidate.reason && { reason: reasonDocument(candidate.reason) }),
    problems: candidate.problems.map((problem) => problemDocument(problem, cwd)),
  };
}
