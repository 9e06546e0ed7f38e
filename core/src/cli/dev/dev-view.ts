/**
 * Shows a running host to the author of an extension: what a save came to, with the source around each fault. Lines
 * that scroll, on a terminal and elsewhere, so that what was said an hour ago can still be read.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ExtensionEvent, ExtensionInfo, Problem } from "../../index.js";
import { codeFrameAt, type FramePlace } from "../output/code-frame.js";
import type { Output } from "../output/output.js";
import { folderText, pathText } from "../output/path-text.js";
import { ownFrames, placeInText } from "../output/place-in-text.js";
import { problemLines } from "../output/problem-text.js";
import { singleLine } from "../output/style.js";
import type { HostEvent, HostView, LogRecord } from "../start/host-event.js";
import {
  hostEventLines,
  loggedError,
  reasonText,
  subjectText,
  timesText,
  versionText,
  withTime,
} from "../start/host-event-text.js";

/** What {@link devView} shows beside what happens. @internal */
export interface DevViewOptions {
  readonly cwd: string;
  /** Folders of the extensions that are developed; places in their files are shown with the source. */
  readonly folders: readonly string[];
  /** What to do, first of all. */
  readonly hint: readonly string[];
  /** Whether lines begin with the time of day. */
  readonly hasTimes: boolean;
}

/** A view of lines and code frames. @internal */
export function devView(output: Output, options: DevViewOptions): HostView {
  const text = new DevText(output, options);
  const { style } = output;
  return {
    open: () => {
      for (const line of options.hint) output.line(style("dim", line));
    },
    show: (hostEvent) => {
      const lines = text.lines(hostEvent);
      for (const line of options.hasTimes && lines.length > 0 ? withTime(lines, style) : lines)
        output.line(line);
    },
    close: () => undefined,
  };
}

/** Words what happens; remembers what it has said, so that one fault is shown once a save. */
class DevText {
  readonly #output: Output;
  readonly #options: DevViewOptions;
  /** The generation of each folder that was active last. */
  readonly #activated = new Map<string, number>();
  /** What was shown with the last failure of each folder. */
  readonly #shown = new Map<string, ReadonlySet<string>>();
  /** The generation that goes on serving each folder whose newest state is at fault. */
  readonly #faulty = new Map<string, number>();

  constructor(output: Output, options: DevViewOptions) {
    this.#output = output;
    this.#options = options;
  }

  lines(hostEvent: HostEvent): readonly string[] {
    switch (hostEvent.kind) {
      case "extension":
        return this.#eventLines(hostEvent.event, hostEvent.info);
      case "problem":
        return this.#problemLines(hostEvent.problem);
      case "contributions": {
        // That another generation serves them is told with the generation.
        const { added, removed } = hostEvent;
        return added.length + removed.length === 0 ? [] : this.#usualLines({ ...hostEvent, changed: [] });
      }
      case "log":
        return [...this.#usualLines(hostEvent), ...this.#logFrame(hostEvent)];
      default:
        return this.#usualLines(hostEvent);
    }
  }

  #eventLines(event: ExtensionEvent, info: ExtensionInfo | undefined): readonly string[] {
    const { kind, folder, problem } = event;
    const { style } = this.#output;
    switch (kind) {
      case "activated": {
        const before = this.#activated.get(folder);
        this.#activated.set(folder, event.generation);
        this.#faulty.delete(folder);
        const word = before === undefined ? "activated" : "reloaded";
        const skipped = skippedText(before ?? event.generation, event.generation);
        return [`${style("green", word)} ${subjectText(event, info)}${timesText(info?.times)}${skipped}`];
      }
      case "failed":
        return this.#failureLines(event, info);
      case "problem":
        if (info?.state === "active" && problem?.severity === "error")
          this.#faulty.set(folder, info.generation);
        return problem === undefined || this.#shown.get(folder)?.has(keyOf(problem)) === true
          ? []
          : this.#problemLines(problem);
      case "removed":
        this.#activated.delete(folder);
        this.#faulty.delete(folder);
        return this.#usualLines({ kind: "extension", event, info });
      case "changed":
      case "deactivated":
        if (info?.state === "active") return this.#mendedLines(event, info);
        return this.#usualLines({ kind: "extension", event, info });
      default:
        return this.#usualLines({ kind: "extension", event, info });
    }
  }

  /** The files are again those of what serves; that another generation took over is told as one reload. */
  #mendedLines(event: ExtensionEvent, info: ExtensionInfo): readonly string[] {
    const { folder } = event;
    const isAtFault =
      info.candidate !== undefined || info.problems.some(({ severity }) => severity === "error");
    if (isAtFault || this.#faulty.get(folder) !== info.generation) return [];
    this.#faulty.delete(folder);
    this.#shown.delete(folder);
    const { style } = this.#output;
    return [
      `${style("green", "fixed")} ${versionText(event, info)}; generation ${info.generation} serves on`,
    ];
  }

  #failureLines(event: ExtensionEvent, info: ExtensionInfo | undefined): readonly string[] {
    const { style } = this.#output;
    const problems = (info?.candidate?.problems ?? info?.problems ?? []).filter(
      ({ severity }) => severity === "error",
    );
    this.#shown.set(event.folder, new Set(problems.map(keyOf)));
    if (info?.state === "active") this.#faulty.set(event.folder, info.generation);
    const serves = info?.state === "active" ? `; generation ${info.generation} serves on` : "";
    const why = problems.length === 0 ? reasonText(event.reason) : "";
    return [
      // Half a file counts as a try too, so that the number of the failed generation says nothing.
      `${style("red", "failed")} ${versionText(event, info)}${serves}${why}`,
      ...problems.flatMap((problem) => this.#problemLines(problem)),
      ...this.#stackLines(event),
    ];
  }

  /** How the author's own code came to where it threw, if that is more than one step. */
  #stackLines({ folder, reason }: ExtensionEvent): readonly string[] {
    const { cwd } = this.#options;
    const texts = [reason?.message ?? ""];
    for (let cause = reason?.cause; cause instanceof Error && texts.length < 8; cause = cause.cause)
      texts.unshift(String(cause.stack));
    const frames = texts.map((text) => ownFrames(text, [folder])).find(({ length }) => length > 0) ?? [];
    if (frames.length < 2) return [];
    return frames.map(({ line, place: { file } }) =>
      this.#output.style("dim", `    ${singleLine(line.replace(file, pathText(file, cwd)))}`),
    );
  }

  #problemLines(problem: Problem): readonly string[] {
    const { style } = this.#output;
    const missing = this.#missingText(problem);
    if (missing !== undefined) return [`${style("yellow", "waiting")} ${missing}`];
    const { file, line, column } = problem;
    const frame = line === undefined ? [] : this.#frame({ file, line, column });
    return [...problemLines(problem, this.#options.cwd, style), ...frame];
  }

  /** What a folder lacks in order to be an extension; an author has only just begun. */
  #missingText({ code, file }: Problem): string | undefined {
    const { cwd, folders } = this.#options;
    const isMissing = code === "DISCOVERY_FOLDER_MISSING";
    const folder = folders.find((own) => own === (isMissing ? file : dirname(file)));
    if (folder === undefined || !(isMissing || code === "MANIFEST_MISSING")) return undefined;
    const name = folderText(folder, cwd);
    const lack = isMissing ? "does not exist" : `holds no ${basename(file)}`;
    const inside = isMissing ? [] : extensionsIn(folder, basename(file));
    const advice =
      inside.length === 0
        ? `To begin one: plugboard create ${name}`
        : `It holds extensions; name one: ${inside.map((one) => folderText(one, cwd)).join(", ")}`;
    return `${name} ${lack}; it is followed until it is an extension. ${advice}`;
  }

  #logFrame({ message, fields }: LogRecord): readonly string[] {
    // What it prints comes line by line, and may hold half a stack.
    if ("stream" in fields) return [];
    const stacks = Object.values(fields).map((value) => loggedError(value)?.stack ?? "");
    const place = placeInText([message, ...stacks].join("\n"), this.#options.folders);
    return place === undefined ? [] : this.#frame(place);
  }

  #frame(place: FramePlace): readonly string[] {
    const { style, columns } = this.#output;
    const width = columns === undefined ? undefined : columns - 16;
    return codeFrameAt(place, { style, width }).map((line) => `    ${line}`);
  }

  #usualLines(hostEvent: HostEvent): readonly string[] {
    return hostEventLines(hostEvent, this.#options.cwd, this.#output.style);
  }
}

/** Why a number does not follow the one before: each save that fails takes one, and half a file does too. */
function skippedText(before: number, generation: number): string {
  const first = before + 1;
  const last = generation - 1;
  if (last < first) return "";
  return first === last
    ? `; generation ${first} never served`
    : `; generations ${first} to ${last} never served`;
}

function keyOf({ code, file, line, column, message }: Problem): string {
  return JSON.stringify([code, file, line, column, message]);
}

/** The first few folders in a folder that are extensions. */
function extensionsIn(folder: string, manifestName: string): readonly string[] {
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((child) => existsSync(join(child, manifestName)))
      .slice(0, 5);
  } catch {
    // What can't be listed is told by the host.
    return [];
  }
}
