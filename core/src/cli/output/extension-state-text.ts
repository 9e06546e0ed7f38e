/** The state of an extension in the words of the table: what a person wants to know, not only its name. */
import { fileURLToPath } from "node:url";
import type { BusyPlace, ExtensionInfo } from "../../index.js";
import { pathText } from "./path-text.js";
import { stateFormat, type Style } from "./style.js";

/** The state, and for one that is in trouble what the host does about it. @internal */
export function extensionStateText(info: ExtensionInfo, cwd: string): string {
  const { state, reason, restart, unresponsive } = info;
  if (restart !== undefined) return `restarting in ${secondsText(Math.max(0, restart.at - Date.now()))}`;
  if (reason?.code === "CRASHED_TOO_OFTEN") return "crashed too often";
  if (unresponsive === undefined) return state;
  const { place } = unresponsive;
  return place === undefined ? "unresponsive" : `unresponsive (${busyPlaceText(place, cwd)})`;
}

/** The colour of what {@link extensionStateText} says. @internal */
export function extensionStateFormat(info: ExtensionInfo): Parameters<Style>[0] {
  return info.unresponsive !== undefined || info.restart !== undefined ? "yellow" : stateFormat[info.state];
}

/** `file:line`, the file relative to the current directory. @internal */
export function busyPlaceText({ file, line }: BusyPlace, cwd: string): string {
  return `${busyFileText(file, cwd)}:${line}`;
}

/** A file that a profile names, which may be a URL. @internal */
export function busyFileText(file: string, cwd: string): string {
  return pathText(file.startsWith("file:") ? fileURLToPath(file) : file, cwd);
}

/** Tenths of a second, rounded up: what is due is never due in no time. @internal */
export function secondsText(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 100) / 10} s`;
}
