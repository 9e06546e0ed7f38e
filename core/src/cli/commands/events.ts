/** `events` and `logs`: what has happened in a running host, and what happens. */
import { InvalidArgumentError, Option } from "commander";
import type { ControlEvent, EventsOptions } from "../../control.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { infoOf } from "../output/extension-document.js";
import { withRunningHost } from "../running-host.js";
import type { HostEvent } from "../start/host-event.js";
import { hostEventLines, withTime } from "../start/host-event-text.js";

interface EventsFlags {
  /** Milliseconds. */
  readonly since?: number;
  readonly follow?: boolean;
}

const options: readonly Option[] = [
  new Option(
    "--since <time>",
    "only what happened in the last 30s, 10m, 2h or 1d (default: all that is kept)",
  ).argParser(readDuration),
  new Option("--follow", "go on with what happens, until Ctrl-C"),
];

/** What `events` says of itself. @internal */
export const eventsCommand: CommandDescription<EventsFlags> = {
  examples: ["events", "events --since 10m --follow", "events acme.english --json"],
  common: ["config", "state"],
  options,
  notes: `
A host keeps its newest 20,000 events, at most 16 MiB of them. With --json each is a line: those about an extension hold
it as it was after them.`,
  action: (surroundings, ids, flags) => showEvents(surroundings, flags, ids.length === 0 ? {} : { ids }),
};

/** What `logs` says of itself. @internal */
export const logsCommand: CommandDescription<EventsFlags> = {
  examples: ["logs", "logs acme.english --follow"],
  common: ["config", "state"],
  options,
  action: (surroundings, ids, flags) =>
    showEvents(surroundings, flags, { kinds: ["log"], ...(ids.length > 0 && { ids }) }),
};

function showEvents(
  surroundings: CommandSurroundings,
  { since, follow = false }: EventsFlags,
  wanted: EventsOptions,
): Promise<number> {
  const { io, output } = surroundings;
  const from = since === undefined ? 0 : Date.now() - since;
  return withRunningHost(surroundings, async (control) => {
    for await (const event of control.events({ ...wanted, since: "oldest", follow, signal: io.signal })) {
      if (Date.parse(event.time) < from) continue;
      if (output.isJson) output.json(event);
      else for (const line of eventLines(event, surroundings)) output.line(line);
      await output.drained();
    }
    return exitCode.done;
  });
}

function eventLines(event: ControlEvent, { io, output }: CommandSurroundings): readonly string[] {
  const { style } = output;
  return withTime(linesOf(event, io.cwd, style), style, new Date(event.time));
}

function linesOf(
  event: ControlEvent,
  cwd: string,
  style: CommandSurroundings["output"]["style"],
): readonly string[] {
  switch (event.event) {
    case "snapshot":
      return [`there are ${event.extensions.length} extensions`];
    case "lagged":
      return [style("yellow", `${event.missed} events are no longer kept`)];
    case "phase":
      return [`the host is ${event.phase}`];
    case "problems":
      return [`${event.problems.length} findings belong to no extension`];
    default:
      return hostEventLines(hostEventOf(event), cwd, style);
  }
}

/** The same event as a host in this process tells it. */
function hostEventOf(
  event: Exclude<ControlEvent, { event: "snapshot" | "lagged" | "phase" | "problems" }>,
): HostEvent {
  if (event.event === "contributions") return { kind: "contributions", ...event };
  if (event.event === "log") {
    const { level, message, fields = {}, id, generation } = event;
    return { kind: "log", level, message, fields: { ...fields, extensionId: id, generation } };
  }
  const { event: kind, id, extension, unresponsive, ...rest } = event;
  return {
    kind: "extension",
    event: {
      ...rest,
      kind,
      id: id ?? undefined,
      ...(unresponsive && {
        unresponsive: { forMs: Date.parse(event.time) - unresponsive.since, place: unresponsive.place },
      }),
    },
    info: extension === null ? undefined : infoOf(extension),
  };
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readDuration(text: string): number {
  const [, count, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const milliseconds = unitMs[unit];
  if (milliseconds === undefined) throw new InvalidArgumentError("A time looks like 30s, 10m, 2h or 1d.");
  return Number(count) * milliseconds;
}
