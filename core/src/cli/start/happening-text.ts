/** What happens while a host runs, in words. */
import { basename } from "node:path";
import { inspect } from "node:util";
import type { ActivationTimes, ExtensionEvent, ExtensionInfo, StateReason } from "../../index.js";
import { problemLines } from "../output/problem-text.js";
import { busyPlaceText, secondsText } from "../output/extension-state-text.js";
import { singleLine, type Style } from "../output/style.js";
import type { ContributionChange } from "../../index.js";
import type { Happening, LogRecord } from "./happening.js";

/** Lines for one happening; none where it would only repeat another. @internal */
export function happeningLines(happening: Happening, cwd: string, style: Style): readonly string[] {
  switch (happening.kind) {
    case "extension":
      return extensionLines(happening.event, happening.info, cwd, style);
    case "problem":
      return problemLines(happening.problem, cwd, style);
    case "contributions":
      return [contributionText(happening)];
    case "log":
      return [logText(happening, style)];
    case "ready": {
      const count = happening.extensions === 1 ? "1 extension" : `${happening.extensions} extensions`;
      return [`${style("green", "ready")} with ${count} after ${Math.round(happening.elapsedMs)} ms`];
    }
    case "stopping":
    case "stopped":
      return [happening.kind];
  }
}

/** A message of the host or of an extension, on one line. @internal */
export function logText({ level, message, fields }: LogRecord, style: Style): string {
  const { extensionId, ...rest } = fields;
  const owner = typeof extensionId === "string" ? ` ${extensionId}:` : "";
  const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${factText(value)}`);
  const format = level === "error" ? "red" : level === "warn" ? "yellow" : "dim";
  return `${style(format, level)}${singleLine(`${owner} ${message}${facts.join("")}`).replace(/^/, " ")}`;
}

function factText(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === "string" ? value : inspect(value, { breakLength: Infinity, depth: 3 });
}

function extensionLines(
  { kind, id, folder, generation, problem, reason, delayMs, unresponsive }: ExtensionEvent,
  info: ExtensionInfo | undefined,
  cwd: string,
  style: Style,
): readonly string[] {
  const name = id ?? `${basename(folder)}/`;
  const version = info?.version === undefined ? "" : ` ${info.version}`;
  const subject = `${name}${version} (generation ${generation})`;
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

function reasonText(reason: StateReason | undefined): string {
  return reason === undefined ? "" : `, ${reason.code} ${singleLine(reason.message)}`;
}

function timesText(times: ActivationTimes | undefined): string {
  if (times === undefined) return "";
  const { wait, load, call, settle } = times;
  const waited = wait === undefined ? "" : `, after a wait of ${Math.round(wait)} ms for its turn`;
  return ` in ${Math.round(load + call + settle)} ms${waited}`;
}

function contributionText({ point, added, changed, removed }: ContributionChange): string {
  const part = (sign: string, ids: readonly string[]) => ids.map((id) => ` ${sign}${id}`);
  return `${point}:${[...part("+", added), ...part("~", changed), ...part("-", removed)].join("")}`;
}
