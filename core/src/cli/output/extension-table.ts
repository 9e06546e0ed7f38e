/** Extensions for people: a table, and beneath it what is wrong and what to do. */
import { basename } from "node:path";
import { errorTable, type ErrorCode, type Problem } from "@plugboard/extension-api";
import type { ExtensionInfo, StateReason, TrustState } from "../../index.js";
import { problemLines } from "./problem-text.js";
import { extensionStateFormat, extensionStateText } from "./extension-state-text.js";
import { singleLine, type Style } from "./style.js";
import { tableLines, type Column } from "./table.js";

/** How an extension is called where its id may be missing. */
function extensionName(info: ExtensionInfo): string {
  return info.id ?? `${basename(info.folder)}/`;
}

/** Only where somebody has looked. */
const signedColumn: Column<ExtensionInfo> = {
  title: "SIGNED",
  text: ({ signature }) => signature?.state ?? "-",
  format: ({ signature }) => (signature === undefined ? "dim" : signatureColour(signature.state)),
  leaveOut: 1,
  minimum: 8,
};

const columns = (cwd: string): readonly Column<ExtensionInfo>[] => [
  { title: "EXTENSION", text: extensionName, isWhole: true },
  { title: "VERSION", text: (info) => info.version ?? "-", leaveOut: 2, minimum: 7 },
  {
    title: "STATE",
    text: (info) => extensionStateText(info, cwd),
    format: extensionStateFormat,
    // What is cut here stands beneath the table.
    minimum: 19,
  },
  // What each runtime lets its extensions reach stands beneath the table.
  { title: "RUNTIME", text: runtimeText, minimum: 10 },
  signedColumn,
  { title: "GEN", text: generationText, align: "right", leaveOut: 4 },
  { title: "CONTRIBUTES", text: contributesText, minimum: 14, leaveOut: 3 },
  { title: "PROBLEMS", text: problemsText, format: problemsFormat },
];

/** The table of extensions. @internal */
export function extensionTable(
  extensions: readonly ExtensionInfo[],
  { cwd, ...options }: { readonly cwd: string; readonly width?: number | undefined; readonly style: Style },
): readonly string[] {
  const isSigned = extensions.some(({ signature }) => signature !== undefined);
  const shown = columns(cwd).filter((column) => isSigned || column !== signedColumn);
  return tableLines(extensions, shown, options);
}

/** What the runtimes of the extensions let their code reach, a line each. @internal */
export function trustLines(extensions: readonly ExtensionInfo[], style: Style): readonly string[] {
  // What can't be read runs nowhere.
  const runnable = extensions.filter(({ state }) => state !== "invalid");
  const trusts = new Map(runnable.map(({ runtime, trust }) => [runtime, trust]));
  return Array.from(trusts, ([runtime, trust]) => style("dim", `${runtime}: ${trustText(trust)}`));
}

function trustText(trust: ExtensionInfo["trust"]): string {
  if (trust === undefined) return "nobody brings this runtime, so nothing runs in it";
  return trust === "full rights"
    ? "trusted, with the full rights of this program"
    : "held to its declared capabilities";
}

/** Each finding with place and advice, and each state that no finding explains. @internal */
export function findingLines(
  extensions: readonly ExtensionInfo[],
  hostProblems: readonly Problem[],
  options: { readonly cwd: string; readonly style: Style },
): readonly string[] {
  const { cwd, style } = options;
  const told = new Set<string>();
  const linesOf = (problems: readonly Problem[]) =>
    problems.flatMap((problem) => {
      const lines = problemLines(problem, cwd, style);
      // One line of the configuration may be wrong for many extensions.
      const isTold = told.has(lines.join("\n"));
      told.add(lines.join("\n"));
      return isTold ? [] : lines;
    });
  const lines = [...linesOf(hostProblems)];
  for (const info of extensions) {
    lines.push(...linesOf(info.problems));
    if (info.reason !== undefined && !explains(info.problems, info.reason)) {
      lines.push(...reasonLines(`${extensionName(info)} ${stateText(info.state)}:`, info.reason, style));
    }
    const { candidate } = info;
    if (candidate === undefined) continue;
    lines.push(...linesOf(candidate.problems));
    if (candidate.reason !== undefined && !explains(candidate.problems, candidate.reason)) {
      const subject = `${extensionName(info)} generation ${candidate.generation} ${stateText(candidate.state)}:`;
      lines.push(...reasonLines(subject, candidate.reason, style));
    }
  }
  return lines;
}

function explains(problems: readonly Problem[], reason: StateReason): boolean {
  // What is incomplete for now says what is missing in the words of the finding about it.
  return problems.some(
    ({ code, severity, message }) =>
      code === reason.code || severity === "error" || message === reason.message,
  );
}

function reasonLines(subject: string, reason: StateReason, style: Style): readonly string[] {
  const head = `${style("bold", subject)} ${reason.code} ${singleLine(reason.message)}`;
  const advice = reason.code in errorTable ? errorTable[reason.code as ErrorCode].advice : undefined;
  return advice === undefined ? [head] : [head, `    ${style("dim", advice)}`];
}

function stateText(state: ExtensionInfo["state"]): string {
  return state === "failed" ? "failed" : `is ${state}`;
}

/** With the process that a person could look at, or end. */
function runtimeText({ runtime, processId }: ExtensionInfo): string {
  return processId === undefined ? runtime : `${runtime} ${processId}`;
}

function generationText({ generation, candidate }: ExtensionInfo): string {
  return candidate === undefined || candidate.generation === generation
    ? String(generation)
    : `${generation} → ${candidate.generation}`;
}

function contributesText({ contributes }: ExtensionInfo): string {
  const points = Object.entries(contributes).filter(([, ids]) => ids.length > 0);
  return points.length === 0 ? "-" : points.map(([point, ids]) => `${point}: ${ids.join(", ")}`).join("; ");
}

function allProblems({ problems, candidate }: ExtensionInfo): readonly Problem[] {
  return candidate === undefined ? problems : [...problems, ...candidate.problems];
}

function signatureColour(state: TrustState): Parameters<Style>[0] {
  if (state === "verified") return "green";
  return state === "unsigned" || state === "unknown key" ? "yellow" : "red";
}

function problemsText(info: ExtensionInfo): string {
  const problems = allProblems(info).length;
  return problems === 0 ? "-" : String(problems);
}

function problemsFormat(info: ExtensionInfo): Parameters<Style>[0] {
  const problems = allProblems(info);
  if (problems.some(({ severity }) => severity === "error")) return "red";
  return problems.length > 0 ? "yellow" : "dim";
}
