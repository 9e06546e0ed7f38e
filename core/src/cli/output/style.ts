/** Colours, only where a person looks at them: on a terminal, unless the environment says no. */
import { stripVTControlCharacters, styleText } from "node:util";
import type { ExtensionState, ProblemSeverity } from "../../index.js";
import type { CommandIo, OutputStream } from "../command-io.js";

type Format = Parameters<typeof styleText>[0];

/** Puts text into a style, or leaves it as it is. @internal */
export interface Style {
  (format: Format, text: string): string;
}

/** The style for a stream. @internal */
export function styleFor(stream: OutputStream, env: CommandIo["env"]): Style {
  const isColoured = stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return isColoured
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_format, text) => text;
}

/** The colour of a severity. @internal */
export const severityFormat: Readonly<Record<ProblemSeverity, Format>> = {
  error: "red",
  warning: "yellow",
  info: "cyan",
};

/** The colour of a state. @internal */
export const stateFormat: Readonly<Record<ExtensionState, Format>> = {
  discovered: "dim",
  ready: "cyan",
  activating: "cyan",
  active: "green",
  blocked: "yellow",
  failed: "red",
  invalid: "red",
  deactivating: "dim",
  removed: "dim",
};

// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f]+/g;

/** One line of text that can't move the cursor: what extensions say reaches the terminal only so. @internal */
export function singleLine(text: string): string {
  return stripVTControlCharacters(text).replace(controls, " ").trim();
}

/** The same with the blanks that it begins and ends with, a tab as two of them. @internal */
export function indentedLine(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\t", "  ")).replace(controls, (one) =>
    " ".repeat(one.length),
  );
}
