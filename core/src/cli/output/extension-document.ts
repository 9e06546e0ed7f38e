/** An extension as documents and event lines carry it. The form is stable; fields may be added. */
import type {
  BusyPlace,
  CandidateInfo,
  ExtensionHost,
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

/** The same, with the memory of what runs it, where anybody can tell. @internal */
export async function measuredDocument(
  info: ExtensionInfo,
  host: ExtensionHost,
  cwd: string,
): Promise<Readonly<Record<string, unknown>>> {
  const memoryBytes = info.id === undefined ? undefined : await host.memory(info.id);
  return { ...extensionDocument(info, cwd), ...(memoryBytes !== undefined && { memoryBytes }) };
}

/** All extensions for a program: what `list` prints and the driver's `list` answers. @internal */
export async function listDocument(
  host: ExtensionHost,
  cwd: string,
): Promise<{ readonly extensions: readonly Readonly<Record<string, unknown>>[] }> {
  return {
    extensions: await Promise.all(Array.from(host.extensions, (info) => measuredDocument(info, host, cwd))),
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
