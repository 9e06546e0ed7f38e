/** Problems for people and for programs. Paths are relative to the current directory in both. */
import { errorTable, type Problem } from "@plugboard/extension-api";
import { pathText } from "./path-text.js";
import { severityFormat, singleLine, type Style } from "./style.js";

/** A Problem as documents and event lines carry it. @internal */
export interface ProblemDocument extends Problem {
  /** What to do about it. */
  readonly advice: string;
}

/** A Problem for a program. @internal */
export function problemDocument(problem: Problem, cwd: string): ProblemDocument {
  return { ...problem, file: pathText(problem.file, cwd), advice: adviceFor(problem) };
}

/** `file:line:column severity CODE message`, and beneath it what to do. @internal */
export function problemLines(problem: Problem, cwd: string, style: Style): readonly string[] {
  const severity = style(severityFormat[problem.severity], problem.severity);
  const head = `${style("bold", placeText(problem, cwd))} ${severity} ${problem.code} ${singleLine(problem.message)}`;
  return [head, `    ${style("dim", adviceText(problem))}`];
}

/** What to do about a Problem, the suggestion first. */
function adviceText(problem: Problem): string {
  const suggestion =
    problem.suggestion === undefined ? "" : `Did you mean ${singleLine(problem.suggestion)}? `;
  return suggestion + adviceFor(problem);
}

/** `2 errors, 1 warning`. @internal */
export function problemCounts(problems: readonly Problem[]): string {
  const count = (severity: Problem["severity"], name: string) => {
    const number = problems.filter((problem) => problem.severity === severity).length;
    return number === 0 ? [] : [`${number} ${name}${number === 1 ? "" : "s"}`];
  };
  const counts = [...count("error", "error"), ...count("warning", "warning"), ...count("info", "note")];
  return counts.length === 0 ? "no problems" : counts.join(", ");
}

function placeText(problem: Problem, cwd: string): string {
  const file = pathText(problem.file, cwd);
  if (problem.line === undefined) return `${file}:`;
  return problem.column === undefined
    ? `${file}:${problem.line}`
    : `${file}:${problem.line}:${problem.column}`;
}

function adviceFor(problem: Problem): string {
  return errorTable[problem.code].advice;
}
