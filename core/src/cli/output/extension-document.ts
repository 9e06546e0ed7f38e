/** An extension as documents and event lines carry it. The form is stable; fields may be added. */
import type { CandidateInfo, ExtensionInfo, StateReason } from "../../index.js";
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
    folder: pathText(info.folder, cwd),
    contributes: info.contributes,
    problems: info.problems.map((problem) => problemDocument(problem, cwd)),
    ...(info.times && { times: info.times }),
    ...(info.activatedBy !== undefined && { activatedBy: info.activatedBy }),
    ...(info.leftovers && { leftovers: info.leftovers }),
  };
}

/** All extensions for a program: what `list` prints and the driver's `list` answers. @internal */
export function listDocument(
  extensions: Iterable<ExtensionInfo>,
  cwd: string,
): { readonly extensions: readonly Readonly<Record<string, unknown>>[] } {
  return { extensions: Array.from(extensions, (info) => extensionDocument(info, cwd)) };
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
