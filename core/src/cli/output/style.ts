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

/** What makes text appear in another order than it is read. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

// eslint-disable-next-line no-control-regex
const colours = /\u001b\[[0-9;]*m/g;

/** Text of any number of lines that steers no terminal, whatever of it an extension wrote. @internal */
export function harmless(text: string, { keepsColours }: { readonly keepsColours: boolean }): string {
  const kept: string[] = [];
  const plain = (part: string) =>
    stripVTControlCharacters(part)
      .replace(/[^\P{Cc}\n\t]+/gu, " ")
      .replace(turning, "");
  if (!keepsColours) return plain(text);
  let from = 0;
  for (const { 0: colour, index } of text.matchAll(colours)) {
    kept.push(plain(text.slice(from, index)), colour);
    from = index + colour.length;
  }
  return [...kept, plain(text.slice(from))].join("");
}

/** JSON whose text steers no terminal either: what it would is written as an escape. @internal */
export function harmlessJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One line of text that can't move the cursor: what extensions say reaches the terminal only so. @internal */
export function singleLine(text: string): string {
  return stripVTControlCharacters(text).replace(controls, " ").replace(turning, "").trim();
}

/** The same with the blanks that it begins and ends with, a tab as two of them. @internal */
export function indentedLine(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\t", "  "))
    .replace(controls, (one) => " ".repeat(one.length))
    .replace(turning, (one) => " ".repeat(one.length));
}
