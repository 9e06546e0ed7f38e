/** Errors for people and for programs. */
import { getSystemErrorMap, inspect } from "node:util";
import { isExtensionError } from "@plugboard/extension-api";
import { InputError, UsageError } from "../exit-code.js";
import { singleLine, type Style } from "./style.js";
import { inCore } from "../core-folder.js";

/** An error as documents and answers carry it. @internal */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly extensionId?: string;
  readonly advice?: string;
}

/** An error for a program. @internal */
export function errorDocument(error: unknown): ErrorDocument {
  if (isExtensionError(error)) {
    const owner = error.extensionId === undefined ? {} : { extensionId: error.extensionId };
    return { code: error.code, message: messageWithCauses(error), ...owner, advice: error.advice };
  }
  if (error instanceof InputError) {
    const advice = error.advice === undefined ? {} : { advice: error.advice };
    return { code: error.code, message: error.message, ...advice };
  }
  if (error instanceof UsageError) return { code: "USAGE", message: error.message };
  return { code: "INTERNAL", message: messageWithCauses(error) };
}

/** `error CODE message`, beneath it what led to it, where, and what to do. @internal */
export function errorLines(error: unknown, style: Style): readonly string[] {
  if (error instanceof UsageError) return [`${style("red", "error")} ${error.message}`];
  const { code, message, advice } = errorDocument(error);
  const place = placeInExtension(error);
  return [
    `${style("red", "error")} ${code} ${singleLine(message)}`,
    ...(code === "INTERNAL" ? stackLines(error) : place === undefined ? [] : [`    ${style("dim", place)}`]),
    ...(advice === undefined ? [] : [`    ${style("dim", advice)}`]),
  ];
}

/** The message and each cause that says something the message does not. */
function messageWithCauses(error: unknown): string {
  let text = messageOf(error);
  if (hasOwnPlace(error)) return text;
  for (const cause of causes(error)) {
    const message = systemWords(cause) ?? messageOf(cause);
    if (!text.includes(message)) text = `${text.replace(/\.$/, "")}: ${message}`;
  }
  return text;
}

/** What the system answered, without the path and the call, which whoever asked it has told. */
function systemWords(error: unknown): string | undefined {
  return unlessItThrows(() => {
    const { errno, syscall, code } = error as NodeJS.ErrnoException;
    if (errno === undefined || syscall === undefined || !(error instanceof Error)) return undefined;
    const [, words] = getSystemErrorMap().get(errno) ?? [];
    return words === undefined ? undefined : `${words} (${String(code)})`;
  }, undefined);
}

function messageOf(error: unknown): string {
  return unlessItThrows(() => {
    const said: unknown = error instanceof Error ? error.message : error;
    // Lists that hold each other would be unfolded by String.
    return typeof said === "string" ? said : inspect(said, { depth: 0 });
  }, "something that can't be shown as text");
}

/** What the look finds; an extension may throw anything, a proxy whose every trap throws included. */
function unlessItThrows<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

/** Causes that are told: a chain of them may have no end. */
const mostCauses = 16;

/** What led to an error, nearest first; a circle of causes ends. */
function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  const next = (from: unknown) =>
    unlessItThrows(() => (from instanceof Error ? from.cause : undefined), undefined);
  let cause = next(error);
  while (cause !== undefined && cause !== null && !found.includes(cause) && found.length < mostCauses) {
    found.push(cause);
    cause = next(cause);
  }
  return found;
}

/** Whether the message names the place in the text; the cause is a parser's, with places of its own. */
function hasOwnPlace(error: unknown): boolean {
  return isExtensionError(error, "MODULE_SYNTAX");
}

/** Where an extension's own code threw, or called what did: a frame of the deepest cause that is not Node's or ours. */
function placeInExtension(error: unknown): string | undefined {
  if (hasOwnPlace(error)) return undefined;
  const frame = stackLines(causes(error).at(-1)).find(
    (line) => !/\(<anonymous>\)|\bnode:|\bnative\b/.test(line) && !isOurs(line),
  );
  return frame === undefined ? undefined : singleLine(frame);
}

/** Whether it is a line of the host, or of what calls its commands. */
function isOurs(line: string): boolean {
  return line.includes(inCore("/")) || /[\\/]node_modules[\\/]commander[\\/]/.test(line);
}

function stackLines(error: unknown): readonly string[] {
  const stack = unlessItThrows(() => (error instanceof Error ? String(error.stack) : ""), "");
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}
