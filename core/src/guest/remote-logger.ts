/** Sends what an extension logs to the host. */
import type { Logger, LogLevel } from "@plugboard/extension-api";
import type { Outbox } from "../protocol/outbox.js";
import { encodeThrown } from "../protocol/thrown.js";

/** The logger of an extension that runs apart from the host. @internal */
export function createRemoteLogger(session: number, outbox: Outbox): Logger {
  const log = (level: LogLevel) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    outbox.add({
      type: "log",
      session,
      level,
      message,
      ...(fields === undefined ? {} : { fields: sendableFields(fields) }),
      time: Date.now(),
    });
  };
  return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

function sendableFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, sendableField(value)]));
}

/** What can't cross is told in words. */
function sendableField(value: unknown): unknown {
  if (value instanceof Error) {
    const thrown = encodeThrown(value, { withStack: true });
    return "error" in thrown ? thrown.error : thrown.value;
  }
  try {
    return structuredClone(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
