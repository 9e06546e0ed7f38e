/** `validate`: checks what the host checks, without running code. */
import { resolve } from "node:path";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { problemCounts, problemDocument, problemLines } from "../output/problem-text.js";

/** Prints every finding with its place and what to do about it. @internal */
export async function validate(
  { io, output, services }: CommandContext,
  directories: readonly string[],
): Promise<number> {
  const { valid, problems } = await services.validateExtensions(
    directories.map((directory) => resolve(io.cwd, directory)),
  );
  if (output.isJson) {
    output.json({ valid, problems: problems.map((problem) => problemDocument(problem, io.cwd)) });
  } else {
    for (const problem of problems) {
      for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
    }
    const summary = problemCounts(problems);
    output.line(`${valid ? output.style("green", "valid") : output.style("red", "not valid")}: ${summary}`);
  }
  return valid ? exitCode.done : exitCode.atFault;
}
