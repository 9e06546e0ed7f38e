/** Answers why: why an extension runs or not, what hangs on it, what an event would activate. */
import type { GrantedCapabilities } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import type { ExtensionLifecycle } from "../lifecycle/extension-lifecycle.js";
import { busyText } from "../lifecycle/busy-text.js";
import type { Incident, IncidentOutcome } from "../lifecycle/incident.js";
import { canonicalActivationEvent } from "../manifest/activation-event.js";
import { dependencyRanges, optionalDependencyRanges } from "../manifest/dependency-ranges.js";
import type { ManagedExtension } from "../lifecycle/managed-extension.js";
import type { Explanation, ExtensionInfo } from "./extension-host.js";

/** Explains an extension id or an event. @internal */
export function explain(
  subject: string,
  lifecycle: ExtensionLifecycle,
  info: (id: string) => ExtensionInfo | undefined,
  capabilities: (description: ExtensionDescription) => GrantedCapabilities,
): Explanation {
  const extension = lifecycle.get(subject);
  const parts =
    extension === undefined
      ? explainEvent(subject, lifecycle)
      : explainExtension(extension, lifecycle, info, capabilities);
  return {
    subject,
    ...parts,
    format: (measured) => format(subject, parts, info, measured?.memoryBytes),
  };
}

type Parts = Omit<Explanation, "subject" | "format">;

function explainEvent(subject: string, lifecycle: ExtensionLifecycle): Parts {
  return {
    activationEvents: [],
    dependencies: [],
    neededBy: [],
    stops: [],
    activates: [...lifecycle.events.listeners(canonicalActivationEvent(subject))],
    history: [],
  };
}

function explainExtension(
  extension: ManagedExtension,
  lifecycle: ExtensionLifecycle,
  info: (id: string) => ExtensionInfo | undefined,
  capabilities: (description: ExtensionDescription) => GrantedCapabilities,
): Parts {
  const { description } = extension.serving;
  const { manifest } = description;
  const dependency = (id: string, range: string, optional: boolean) => {
    const provider = lifecycle.get(id)?.serving;
    return {
      id,
      range,
      optional,
      ...(provider === undefined ? {} : { state: provider.state, version: provider.description.version }),
    };
  };
  const described = info(extension.id);
  return {
    ...(described === undefined ? {} : { extension: described }),
    ...(described === undefined || described.trust === "full rights"
      ? {}
      : { capabilities: capabilities(description) }),
    activationEvents: lifecycle.events.of(extension.id),
    dependencies: [
      ...[...dependencyRanges(manifest)].map(([id, range]) => dependency(id, range, false)),
      ...[...optionalDependencyRanges(manifest)].map(([id, range]) => dependency(id, range, true)),
    ],
    neededBy: lifecycle.dependents(extension.id),
    stops: lifecycle.runningDependents(extension.id),
    activates: [],
    history: extension.supervision?.history.incidents.map(withTimeSoFar) ?? [],
  };
}

/** A spell of silence that goes on is longer now than when it was written down. */
function withTimeSoFar(incident: Incident): Incident {
  return incident.outcome.kind === "ongoing" ? { ...incident, forMs: Date.now() - incident.time } : incident;
}

function format(
  subject: string,
  parts: Parts,
  info: (id: string) => ExtensionInfo | undefined,
  memoryBytes: number | undefined,
): string {
  const { extension } = parts;
  if (extension === undefined) return formatEvent(subject, parts, info);
  const lines = [
    `${subject} ${extension.version ?? ""} is ${extension.state}, generation ${String(extension.generation)}`.replace(
      "  ",
      " ",
    ),
  ];
  const say = (label: string, text: string) => lines.push(`  ${label.padEnd(14)}${text}`);
  say("folder", extension.folder);
  say("runtime", `${extension.runtime} (${trustText(extension)})`);
  if (parts.capabilities !== undefined) say("may reach", capabilitiesText(parts.capabilities));
  if (extension.processId !== undefined) say("process", String(extension.processId));
  if (memoryBytes !== undefined) say("memory", `${(memoryBytes / 2 ** 20).toFixed(1)} MB`);
  if (extension.reason !== undefined) say("because", `${extension.reason.code}: ${extension.reason.message}`);
  else if (extension.state === "active") say("because", `${extension.activatedBy ?? "it"} asked for it`);
  else if (extension.state === "ready") say("because", "none of its events has happened yet");
  say("activated by", parts.activationEvents.join(", ") || "calls and dependents only");
  for (const dependency of parts.dependencies) {
    const state =
      dependency.state === undefined ? "not there" : `${dependency.version ?? ""} ${dependency.state}`;
    say(
      "depends on",
      `${dependency.id} ${dependency.range}${dependency.optional ? " (optional)" : ""}: ${state}`,
    );
  }
  for (const [point, ids] of Object.entries(extension.contributes))
    say("contributes", `${point}: ${ids.join(", ")}`);
  if (parts.neededBy.length > 0) say("needed by", parts.neededBy.join(", "));
  say("removal stops", parts.stops.join(", ") || "nothing else");
  if (extension.candidate !== undefined) {
    const { candidate } = extension;
    const reason =
      candidate.reason === undefined ? "" : `, ${candidate.reason.code}: ${candidate.reason.message}`;
    say("candidate", `generation ${String(candidate.generation)} is ${candidate.state}${reason}`);
  }
  if (extension.restart !== undefined) say("restart", `due ${timeText(extension.restart.at)}`);
  for (const incident of parts.history)
    say(incident.kind, `${timeText(incident.time)} ${incidentText(incident)}`);
  for (const problem of extension.problems) say(problem.severity, `${problem.code} ${problem.message}`);
  return lines.join("\n");
}

function trustText({ runtime, trust }: ExtensionInfo): string {
  if (trust !== "full rights") return "held to its grants";
  return runtime === "worker" ? "contains crashes only; trusted: full rights" : "trusted: full rights";
}

/** `read /data; write /cache; net api.example.com:443`. */
function capabilitiesText(capabilities: GrantedCapabilities): string {
  const { fs, net, env } = capabilities;
  const some = (label: string, list: readonly string[] | true) =>
    list === true ? [`${label} all`] : list.length > 0 ? [`${label} ${list.join(", ")}`] : [];
  const switches = ["childProcess", "workers", "addons", "wasi"] as const;
  const parts = [
    ...some("read", fs.read),
    ...some("write", fs.write),
    ...some("net", net),
    ...some("env", env),
    ...switches.filter((name) => capabilities[name]),
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

function formatEvent(subject: string, parts: Parts, info: (id: string) => ExtensionInfo | undefined): string {
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
