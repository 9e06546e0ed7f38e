/** What happens while a host runs, in words. */
import { basename } from "node:path";
import { inspect } from "node:util";
import type { ActivationTimes, ExtensionEvent, ExtensionInfo, StateReason } from "../../index.js";
import { problemLines } from "../output/problem-text.js";
import { busyPlaceText, secondsText } from "../output/extension-state-text.js";
import { indentedLine, singleLine, type Style } from "../output/style.js";
import type { ContributionChange } from "../../index.js";
import type { HostEvent, LogRecord } from "./host-event.js";
import { inCore } from "../core-folder.js";

/** Lines for one event; none where it would only repeat another. @internal */
export function hostEventLines(hostEvent: HostEvent, cwd: string, style: Style): readonly string[] {
  switch (hostEvent.kind) {
    case "extension":
      return extensionLines(hostEvent.event, hostEvent.info, cwd, style);
    case "problem":
      return problemLines(hostEvent.problem, cwd, style);
    case "contributions":
      return [contributionText(hostEvent)];
    case "log":
      return logLines(hostEvent, style);
    case "ready": {
      const count = hostEvent.extensions === 1 ? "1 extension" : `${hostEvent.extensions} extensions`;
      return [`${style("green", "ready")} with ${count} after ${Math.round(hostEvent.elapsedMs)} ms`];
    }
    case "stopping":
    case "stopped":
      return [hostEvent.kind];
  }
}

/** The lines with the time of day before the first, and as much room before the others. @internal */
export function withTime(lines: readonly string[], style: Style, at = new Date()): readonly string[] {
  const time = at.toTimeString().slice(0, 8);
  return lines.map((line, index) => `${index === 0 ? style("dim", time) : " ".repeat(time.length)} ${line}`);
}

/**
 * A message of the host or of an extension: `level id: message name=value`, and beneath it, set in, the rest of a message
 * of several lines and the stacks of errors that came with it.
 *
 * @internal
 */
export function logLines({ level, message, fields }: LogRecord, style: Style): readonly string[] {
  // Of no use to a person: which generation it was is told when it takes over, and what it printed needs no name.
  const { extensionId, generation: _generation, stream: _stream, ...rest } = fields;
  const owner = typeof extensionId === "string" ? `${extensionId}: ` : "";
  const [first = "", ...more] = message.split("\n");
  const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${factText(value)}`);
  const stacks = Object.values(rest).flatMap((value) => loggedError(value)?.stack.split("\n").slice(1) ?? []);
  const format = level === "error" ? "red" : level === "warn" ? "yellow" : "dim";
  return [
    `${style(format, level)} ${singleLine(`${owner}${first}${facts.join("")}`)}`,
    ...withoutForeignFrames([...more, ...stacks]).map((line) =>
      style("dim", `    ${indentedLine(isFrame(line) ? line.trimStart() : line)}`.trimEnd()),
    ),
  ];
}

/** An error that was logged: itself, or what is left of it after its way from a worker or process. @internal */
export function loggedError(
  value: unknown,
): { readonly message: string; readonly stack: string } | undefined {
  if (typeof value !== "object" || value === null || !("message" in value && "stack" in value))
    return undefined;
  const { message, stack } = value;
  return typeof message === "string" && typeof stack === "string" ? { message, stack } : undefined;
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

/** Frames in Node and in the host tell nobody anything, unless they are all there is. */
function withoutForeignFrames(lines: readonly string[]): readonly string[] {
  const isOwn = (line: string) => !line.includes("node:internal") && !line.includes(inCore("/"));
  return lines.some((line) => isFrame(line) && isOwn(line))
    ? lines.filter((line) => !isFrame(line) || isOwn(line))
    : lines;
}

function factText(value: unknown): string {
  const error = loggedError(value);
  if (error !== undefined) return error.message;
  return typeof value === "string" ? value : inspect(value, { breakLength: Infinity, depth: 3 });
}

function extensionLines(
  { kind, id, folder, generation, problem, reason, delayMs, unresponsive }: ExtensionEvent,
  info: ExtensionInfo | undefined,
  cwd: string,
  style: Style,
): readonly string[] {
  const name = nameOf({ id, folder });
  const subject = subjectText({ id, folder, generation }, info);
  switch (kind) {
    case "added":
      return [`${kind} ${subject}${info === undefined ? "" : `: ${info.state}`}${reasonText(info?.reason)}`];
    case "changed":
      return [`${kind} ${subject}${info === undefined ? "" : `: ${info.state}`}${reasonText(info?.reason)}`];
    case "activated":
      return [`${style("green", kind)} ${subject}${timesText(info?.times)}`];
    case "failed":
      return [`${style("red", kind)} ${subject}${reasonText(reason)}`];
    case "restarting":
      return [`${style("yellow", kind)} ${subject} in ${secondsText(delayMs ?? 0)}`];
    case "unresponsive": {
      const place = unresponsive?.place;
      return [
        `${style("yellow", kind)} ${subject}${place === undefined ? "" : `, busy in ${busyPlaceText(place, cwd)}`}`,
      ];
    }
    case "responsive":
      return [`${style("green", kind)} ${subject}`];
    case "problem":
      return problem === undefined ? [] : problemLines(problem, cwd, style);
    case "removed":
    case "deactivated":
      return [`${kind} ${name} (generation ${generation})`];
    case "activating":
      return [];
  }
}

/** `id version (generation n)`. @internal */
export function subjectText(
  event: Pick<ExtensionEvent, "id" | "folder" | "generation">,
  info: ExtensionInfo | undefined,
): string {
  return `${versionText(event, info)} (generation ${event.generation})`;
}

/** `id version`. @internal */
export function versionText(
  event: Pick<ExtensionEvent, "id" | "folder">,
  info: ExtensionInfo | undefined,
): string {
  return info?.version === undefined ? nameOf(event) : `${nameOf(event)} ${info.version}`;
}

function nameOf({ id, folder }: Pick<ExtensionEvent, "id" | "folder">): string {
  return id ?? `${basename(folder)}/`;
}

/** `, CODE message`. @internal */
export function reasonText(reason: StateReason | undefined): string {
  // How it came to a crash takes many lines; the place is that of the problem.
  const message = reason?.message.replace(/\n\s+at [\s\S]*$/, "") ?? "";
  return reason === undefined ? "" : `, ${reason.code} ${singleLine(message)}`;
}

/** ` in n ms`. @internal */
export function timesText(times: ActivationTimes | undefined): string {
  if (times === undefined) return "";
  const { wait, load, call, settle } = times;
  const waited = wait === undefined ? "" : `, after a wait of ${Math.round(wait)} ms for its turn`;
  return ` in ${Math.round(load + call + settle)} ms${waited}`;
}

function contributionText({ point, added, changed, removed }: ContributionChange): string {
  const part = (sign: string, ids: readonly string[]) => ids.map((id) => ` ${sign}${id}`);
  return `${point}:${[...part("+", added), ...part("~", changed), ...part("-", removed)].join("")}`;
}
