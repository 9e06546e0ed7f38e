/** Shows a running host to a program: one JSON line an event, each with its time as ISO 8601. */
import type { ExtensionEvent, ExtensionInfo } from "../../index.js";
import { extensionDocument, reasonDocument, unresponsiveDocument } from "../output/extension-document.js";
import type { Output } from "../output/output.js";
import { pathText } from "../output/path-text.js";
import { problemDocument } from "../output/problem-text.js";
import type { HostEvent, HostView, LogRecord } from "./host-event.js";

/** A view of JSON lines. @internal */
export function jsonView(output: Output, cwd: string): HostView {
  return {
    open: () => undefined,
    show: (hostEvent) => {
      // Only a person needs to be told that stopping takes a moment.
      if (hostEvent.kind === "stopping") return;
      const { event, ...fields } = eventDocument(hostEvent, cwd);
      output.json({ event, time: new Date().toISOString(), ...fields });
    },
    close: () => undefined,
  };
}

type EventDocument = Readonly<Record<string, unknown>> & { readonly event: string };

function eventDocument(hostEvent: Exclude<HostEvent, { kind: "stopping" }>, cwd: string): EventDocument {
  switch (hostEvent.kind) {
    case "extension":
      return extensionEventDocument(hostEvent.event, hostEvent.info, cwd);
    case "problem": {
      const { problem } = hostEvent;
      return { event: "problem", id: problem.extensionId ?? null, problem: problemDocument(problem, cwd) };
    }
    case "contributions": {
      const { point, added, changed, removed } = hostEvent;
      return { event: "contributions", point, added, changed, removed };
    }
    case "log":
      return { event: "log", ...logDocument(hostEvent) };
    case "ready":
      return { event: "ready", extensions: hostEvent.extensions, elapsedMs: hostEvent.elapsedMs };
    case "stopped":
      return { event: "stopped" };
  }
}

/** Which of the extension's fields go with an event, beside those that every event has. */
const fieldsOf: Readonly<Record<ExtensionEvent["kind"], readonly string[]>> = {
  added: ["version", "state", "reason", "candidate", "runtime", "contributes"],
  changed: ["version", "state", "reason", "candidate", "runtime", "contributes"],
  removed: [],
  activating: [],
  activated: ["version", "times", "activatedBy"],
  deactivated: ["leftovers"],
  failed: [],
  restarting: [],
  unresponsive: [],
  responsive: [],
  problem: [],
};

function extensionEventDocument(
  { kind, id, generation, folder, reason, delayMs, unresponsive, problem }: ExtensionEvent,
  info: ExtensionInfo | undefined,
  cwd: string,
): EventDocument {
  const now = info === undefined ? {} : extensionDocument(info, cwd);
  return {
    event: kind,
    id: id ?? null,
    generation,
    folder: pathText(folder, cwd),
    ...Object.fromEntries(Object.entries(now).filter(([field]) => fieldsOf[kind].includes(field))),
    ...(reason && { reason: reasonDocument(reason) }),
    ...(delayMs !== undefined && { delayMs }),
    ...(unresponsive && { unresponsive: unresponsiveDocument(unresponsive, cwd) }),
    ...(problem && { problem: problemDocument(problem, cwd) }),
  };
}

function logDocument({ level, message, fields }: LogRecord): Readonly<Record<string, unknown>> {
  const { extensionId, ...rest } = fields;
  return {
    ...(typeof extensionId === "string" && { id: extensionId }),
    level,
    message,
    ...(Object.keys(rest).length > 0 && { fields: plainData(rest) }),
  };
}

/** What an extension logs may hold circles and other things that JSON can't; those are told as text. */
function plainData(fields: Readonly<Record<string, unknown>>): unknown {
  const asText = ([name, value]: [string, unknown]) => [name, value instanceof Error ? value.message : value];
  const data: unknown = Object.fromEntries(Object.entries(fields).map(asText));
  try {
    JSON.stringify(data);
    return data;
  } catch {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  }
}
