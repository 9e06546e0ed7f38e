/** Reads the records of hclog, which plugins of Go write to their standard error, a line of JSON each. */
import type { LogLevel } from "@plugboard/extension-api";

/** What a plugin logged. @internal */
export interface HclogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const levels: Readonly<Record<string, LogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
};

/** The level that a name of hclog stands for; undefined for any other text. @internal */
export function hclogLevel(name: string): LogLevel | undefined {
  return levels[name.toLowerCase()];
}

/** A record of hclog; undefined for any other text. @internal */
export function readHclogRecord(text: string): HclogRecord | undefined {
  if (!text.startsWith("{")) return undefined;
  let value: Readonly<Record<string, unknown>>;
  try {
    value = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const {
    "@message": message,
    "@level": level,
    "@timestamp": time,
    "@module": module,
    "@caller": caller,
    ...fields
  } = value;
  if (typeof message !== "string" && typeof level !== "string") return undefined;
  return {
    level: (typeof level === "string" ? hclogLevel(level) : undefined) ?? "debug",
    message: typeof message === "string" ? message : "",
    fields: {
      ...fields,
      ...(level === "trace" ? { level } : {}),
      ...(module === undefined ? {} : { module }),
      ...(time === undefined ? {} : { time }),
      ...(caller === undefined ? {} : { caller }),
    },
  };
}

/** A line as a person reads it: of a record its message and its own fields, any other line as it is. @internal */
export function readableLine(text: string): string {
  const record = readHclogRecord(text);
  if (record === undefined) return text;
  const { time: _time, module: _module, caller: _caller, level: _level, ...fields } = record.fields;
  const parts = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [record.message, ...parts].join(" ");
}
