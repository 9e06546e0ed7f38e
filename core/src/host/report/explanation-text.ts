/** An explanation as people read it: a line for each thing that is known. */
import { capabilitySwitches, type GrantedCapabilities } from "@plugboard/extension-api";
import { busyText } from "../../lifecycle/extension/busy-text.js";
import type { Incident, IncidentOutcome } from "../../lifecycle/extension/incident.js";
import type { Explanation, ExtensionInfo } from "../face/extension-host.js";

/** The content of an explanation. @internal */
export type ExplanationParts = Omit<Explanation, "subject" | "format">;

/** The lines of an explanation. @internal */
export function explanationText(
  subject: string,
  parts: ExplanationParts,
  info: (id: string) => ExtensionInfo | undefined,
  memoryBytes: number | undefined,
): string {
  const { extension } = parts;
  if (extension === undefined) return eventText(subject, parts, info);
  const { version, state, generation } = extension;
  const number = isUnread(extension) ? "" : `, generation ${String(generation)}`;
  return [
    `${version === undefined ? subject : `${subject} ${version}`} is ${state}${number}`,
    ...[
      ...runningLines(extension, parts, memoryBytes),
      ...relationLines(extension, parts),
      ...storyLines(extension, parts),
    ].map(([label, line]) => `  ${label.padEnd(14)}${line}`),
  ].join("\n");
}

/** Whether its manifest has never been read whole: then nobody knows more than what is wrong with it. */
function isUnread({ generation }: ExtensionInfo): boolean {
  return generation === 0;
}

type Line = readonly [label: string, text: string];

/** Where it runs, and why. */
function* runningLines(
  extension: ExtensionInfo,
  { capabilities, activationEvents }: ExplanationParts,
  memoryBytes: number | undefined,
): Iterable<Line> {
  const { reason, state } = extension;
  yield ["folder", extension.folder];
  const { signature } = extension;
  if (signature !== undefined) yield ["signature", `${signature.state}: ${signature.message}`];
  if (isUnread(extension)) {
    if (reason !== undefined) yield ["because", `${reason.code}: ${reason.message}`];
    return;
  }
  yield ["runtime", `${extension.runtime} (${trustText(extension)})`];
  if (capabilities !== undefined) yield ["may reach", capabilitiesText(capabilities)];
  if (extension.processId !== undefined) yield ["process", String(extension.processId)];
  if (memoryBytes !== undefined) yield ["memory", `${(memoryBytes / 2 ** 20).toFixed(1)} MB`];
  if (reason !== undefined) yield ["because", `${reason.code}: ${reason.message}`];
  else if (state === "active") yield ["because", `${extension.activatedBy ?? "it"} asked for it`];
  else if (extension.waitingMs !== undefined)
    yield ["because", `it waits for its turn to start, for ${secondsText(extension.waitingMs)} so far`];
  else if (state === "ready")
    yield ["because", "nothing has called it yet, and none of its events has happened"];
  if (extension.times?.wait !== undefined)
    yield ["waited", `${secondsText(extension.times.wait)} for its turn to start`];
  yield ["activated by", activationEvents.join(", ") || "calls and dependents only"];
}

/** What it hangs on, and what hangs on it. */
function* relationLines(
  extension: ExtensionInfo,
  { dependencies, neededBy, stops }: ExplanationParts,
): Iterable<Line> {
  for (const { id, range, optional, state, version } of dependencies) {
    const found = state === undefined ? "not there" : `${version ?? ""} ${state}`;
    yield ["depends on", `${id} ${range}${optional ? " (optional)" : ""}: ${found}`];
  }
  for (const [point, ids] of Object.entries(extension.contributes))
    yield ["contributes", `${point}: ${ids.join(", ")}`];
  if (neededBy.length > 0) yield ["needed by", neededBy.join(", ")];
  if (isUnread(extension)) return;
  if (stops.length > 0) yield ["stops with it", stops.join(", ")];
}

/** What is about to happen to it, what has, and what is wrong with it. */
function* storyLines(
  { candidate, restart, problems }: ExtensionInfo,
  { history }: ExplanationParts,
): Iterable<Line> {
  if (candidate !== undefined) {
    const { generation, state, reason } = candidate;
    const why = reason === undefined ? "" : `, ${reason.code}: ${reason.message}`;
    yield ["candidate", `generation ${String(generation)} is ${state}${why}`];
  }
  if (restart !== undefined) yield ["restart", `due ${timeText(restart.at)}`];
  for (const incident of history)
    yield [incident.kind, `${timeText(incident.time)} ${incidentText(incident)}`];
  for (const { severity, code, message } of problems) yield [severity, `${code} ${message}`];
}

function trustText({ runtime, trust }: ExtensionInfo): string {
  if (trust === undefined) return "nobody brings it";
  if (trust !== "full rights") return "held to its grants";
  return runtime === "worker" ? "contains crashes only; trusted: full rights" : "trusted: full rights";
}

/** `read /data; write /cache; net api.example.com:443`. */
function capabilitiesText(capabilities: GrantedCapabilities): string {
  const { fs, net, env } = capabilities;
  const some = (label: string, list: readonly string[] | true) =>
    list === true ? [`${label} all`] : list.length > 0 ? [`${label} ${list.join(", ")}`] : [];
  const parts = [
    ...some("read", fs.read),
    ...some("write", fs.write),
    ...some("net", net),
    ...some("env", env),
    ...capabilitySwitches.filter((name) => capabilities[name]),
  ];
  return parts.join("; ") || "its own folder only";
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}

/** One line of the story: what happened to which generation, and what came of it. */
function incidentText({ kind, generation, message, place, forMs, outcome }: Incident): string {
  const what = message.endsWith(".") ? message.slice(0, -1) : message;
  const where = place === undefined || what.includes(place.file) ? "" : `, ${busyText(place)}`;
  const howLong = kind === "crashed" || forMs === undefined ? "" : ` for ${secondsText(forMs)}`;
  return `generation ${String(generation)}: ${what}${where}${howLong}; ${outcomeText(outcome)}`;
}

function outcomeText(outcome: IncidentOutcome): string {
  switch (outcome.kind) {
    case "restarting":
      return `restarting after ${secondsText(outcome.delayMs)}`;
    case "restarted":
      return `restarted as generation ${String(outcome.generation)} after ${secondsText(outcome.delayMs)}`;
    case "stopped":
      return "stopped: too often";
    case "replaced":
      return `replaced by generation ${String(outcome.generation)}`;
    case "discarded":
      return "the generation before it went on";
    case "ongoing":
      return "not yet over";
    case "recovered":
      return "answered again";
    case "ended":
      return "ended";
  }
}

function secondsText(milliseconds: number): string {
  return milliseconds < 100
    ? `${milliseconds.toFixed(0)} ms`
    : `${String(Math.round(milliseconds / 100) / 10)} s`;
}

function eventText(
  subject: string,
  parts: ExplanationParts,
  info: (id: string) => ExtensionInfo | undefined,
): string {
  if (parts.activates.length === 0)
    return `No extension has the id "${subject}", and none waits for an event of that name.`;
  return [
    `${subject} activates`,
    ...parts.activates.map((id) => {
      const extension = info(id);
      const reason =
        extension?.reason === undefined ? "" : ` (${extension.reason.code}: ${extension.reason.message})`;
      return `  ${id}, which is ${extension?.state ?? "gone"}${reason}`;
    }),
  ].join("\n");
}
