/**
 * Shows a running host on a terminal: a table that is drawn anew in place whenever something changes, and
 * above it what the host and the extensions log. Several changes in one moment are one redraw.
 */
import type { ExtensionHost, ExtensionInfo } from "../../index.js";
import type { CommandIo } from "../command-io.js";
import { extensionTable, findingLines } from "../output/extension-table.js";
import { foldedLines } from "../output/folded-lines.js";
import type { Output } from "../output/output.js";
import type { HostEvent, HostView } from "./host-event.js";
import { hostEventLines, logLines, withTime } from "./host-event-text.js";
import type { Style } from "../output/style.js";
import { TerminalFrame } from "./terminal-frame.js";

const redrawAfterMs = 40;
/** What the host tells no event of, such as a mended folder that never had an id, is shown after this time. */
const refreshMs = 1_000;

/** A live table. @internal */
export function liveView(
  io: CommandIo,
  output: Output,
  { hint, folders }: { readonly hint: string; readonly folders: string },
): HostView {
  const { style } = output;
  const frame = new TerminalFrame(io.stdout);
  let host: ExtensionHost | undefined;
  let status = "starting";
  let timer: NodeJS.Timeout | undefined;
  let refresh: NodeJS.Timeout | undefined;

  const redraw = () => {
    clearTimeout(timer);
    timer = undefined;
    if (host !== undefined) frame.draw(content(host));
  };
  const redrawSoon = () => void (timer ??= setTimeout(redraw, redrawAfterMs));

  const fold = (lines: readonly string[]) => lines.flatMap((line) => foldedLines(line, frame.columns));
  const print = (lines: readonly string[]) => frame.print(fold(withTime(lines, style)));

  const content = (shown: ExtensionHost): readonly string[] => {
    const extensions = Array.from(shown.extensions);
    const head = `${style("bold", "plugboard")} ${status} · ${countsText(extensions, style)} · ${folders}`;
    const table = (rows: readonly ExtensionInfo[]) =>
      rows.length === 0 ? [] : extensionTable(rows, { cwd: io.cwd, width: frame.columns, style });
    const findings = fold(findingLines(extensions, shown.problems, { cwd: io.cwd, style }));
    const block = (rows: readonly string[], found: readonly string[]) => [
      head,
      "",
      ...(rows.length === 0 ? [] : [...rows, ""]),
      ...(found.length === 0 ? [] : [...found, ""]),
      ...fold([style("dim", hint)]),
    ];
    const whole = block(table(extensions), findings);
    if (frame.heightOf(whole) <= frame.height) return whole;
    // Room for the frame around them, then half of the rest for what is wrong, if that much is.
    const room = frame.height - frame.heightOf(block([], [])) - 2;
    const found = fitting(findings, Math.max(room >> 1, room - frame.heightOf(table(extensions))), frame);
    const ordered = extensions.toSorted(
      (one, other) => Number(needsAttention(other)) - Number(needsAttention(one)),
    );
    return block(fittingTable(ordered, room - frame.heightOf(found), { frame, table }), found);
  };

  return {
    open: (opened) => {
      host = opened;
      io.stdout.on("resize", redrawSoon);
      redraw();
      refresh = setInterval(redraw, refreshMs);
    },
    show: (hostEvent) => {
      if (hostEvent.kind === "ready") status = style("green", "running");
      if (hostEvent.kind === "stopping") status = style("yellow", "stopping");
      if (hostEvent.kind === "log" && hostEvent.level !== "debug") print(logLines(hostEvent, style));
      if (isIncident(hostEvent)) print(hostEventLines(hostEvent, io.cwd, style));
      redrawSoon();
    },
    close: () => {
      clearTimeout(timer);
      clearInterval(refresh);
      io.stdout.off("resize", redrawSoon);
      frame.end([`${style("bold", "plugboard")} stopped`]);
    },
  };
}

/** `90 extensions, 3 active, 1 broken`. */
function countsText(extensions: readonly ExtensionInfo[], style: Style): string {
  const { length } = extensions;
  const active = extensions.filter(({ state }) => state === "active").length;
  const broken = extensions.filter(isBroken).length;
  const counts = `${length} extension${length === 1 ? "" : "s"}, ${active} active`;
  return broken === 0 ? counts : `${counts}, ${style("red", `${broken} broken`)}`;
}

function isBroken({ state, candidate, problems }: ExtensionInfo): boolean {
  return (
    state === "failed" ||
    state === "invalid" ||
    candidate?.state === "failed" ||
    problems.some(({ severity }) => severity === "error")
  );
}

/** Whether somebody may have to do something about it; a table that can't show all shows these first. */
function needsAttention(info: ExtensionInfo): boolean {
  const { problems, candidate, unresponsive, restart, reason } = info;
  const isHeldUp = reason !== undefined && reason.code !== "DISABLED";
  const isOdd = unresponsive !== undefined || restart !== undefined || candidate !== undefined;
  return isBroken(info) || isHeldUp || isOdd || problems.length > 0;
}

/** As many of the lines as fit into the rows, and how many more there are. */
function fitting(lines: readonly string[], rows: number, frame: TerminalFrame): readonly string[] {
  if (frame.heightOf(lines) <= rows) return lines;
  const kept: string[] = [];
  let used = 1;
  for (const line of lines) {
    used += frame.heightOf([line]);
    if (used > rows) break;
    kept.push(line);
  }
  return [...kept, `… ${lines.length - kept.length} more lines: plugboard list`];
}

/** The table of as many of the extensions as fit into the rows, and how many more there are. */
function fittingTable(
  extensions: readonly ExtensionInfo[],
  rows: number,
  {
    frame,
    table,
  }: { readonly frame: TerminalFrame; readonly table: (rows: readonly ExtensionInfo[]) => readonly string[] },
): readonly string[] {
  let count = Math.max(0, Math.min(extensions.length, rows));
  while (count > 0 && frame.heightOf(table(extensions.slice(0, count))) + 1 > rows) count -= 1;
  const left = extensions.length - count;
  if (left === 0) return table(extensions);
  const trouble = extensions.slice(count).filter(needsAttention).length;
  const more = trouble === 0 ? "" : `, ${trouble} of them in trouble`;
  return [
    ...table(extensions.slice(0, count)),
    `… ${left} more extensions${more}: a taller window shows them, and so does plugboard list`,
  ];
}

/** What a table that shows the present would soon forget: that something crashed, or did not answer for a while. */
function isIncident(hostEvent: HostEvent): boolean {
  if (hostEvent.kind !== "extension") return false;
  const { kind, reason } = hostEvent.event;
  if (kind === "failed") return reason?.code === "EXTENSION_CRASHED" || reason?.code === "CRASHED_TOO_OFTEN";
  return kind === "restarting" || kind === "unresponsive" || kind === "responsive";
}
