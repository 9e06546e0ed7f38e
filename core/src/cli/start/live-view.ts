/**
 * Shows a running host on a terminal: a table that is drawn anew in place whenever something changes, and
 * above it what the host and the extensions log. Several changes in one moment are one redraw.
 */
import type { ExtensionHost } from "../../index.js";
import type { CommandIo } from "../command-io.js";
import { extensionTable, findingLines } from "../output/extension-table.js";
import type { Output } from "../output/output.js";
import type { Happening, HostView } from "./happening.js";
import { happeningLines, logLines, withTime } from "./happening-text.js";
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

  const print = (lines: readonly string[]) => frame.print(withTime(lines, style));

  const content = (shown: ExtensionHost): readonly string[] => {
    const extensions = Array.from(shown.extensions);
    const active = extensions.filter(({ state }) => state === "active").length;
    const counts = `${extensions.length} extension${extensions.length === 1 ? "" : "s"}, ${active} active`;
    const findings = findingLines(extensions, shown.problems, { cwd: io.cwd, style });
    return [
      `${style("bold", "plugboard")} ${status} · ${counts} · ${folders}`,
      "",
      ...(extensions.length === 0
        ? []
        : [...extensionTable(extensions, { cwd: io.cwd, width: frame.columns, style }), ""]),
      ...findings,
      ...(findings.length === 0 ? [] : [""]),
      style("dim", hint),
    ];
  };

  return {
    open: (opened) => {
      host = opened;
      io.stdout.on("resize", redrawSoon);
      redraw();
      refresh = setInterval(redraw, refreshMs);
    },
    show: (happening) => {
      if (happening.kind === "ready") status = style("green", "running");
      if (happening.kind === "stopping") status = style("yellow", "stopping");
      if (happening.kind === "log" && happening.level !== "debug") print(logLines(happening, style));
      if (isIncident(happening)) print(happeningLines(happening, io.cwd, style));
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

/** What a table that shows the present would soon forget: that something crashed, or did not answer for a while. */
function isIncident(happening: Happening): boolean {
  if (happening.kind !== "extension") return false;
  const { kind, reason } = happening.event;
  if (kind === "failed") return reason?.code === "EXTENSION_CRASHED" || reason?.code === "CRASHED_TOO_OFTEN";
  return kind === "restarting" || kind === "unresponsive" || kind === "responsive";
}
