/** Log records as hclog writes them: a JSON object a line, which a go-plugin host reads on standard error. */
import type { LogLevel } from "@plugboard/extension-api";

/** Words a record; fields that hclog has names for are set apart by a trailing underscore. @internal */
export function logLine(
  level: LogLevel,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const { extensionId } = fields;
  const record: Record<string, unknown> = {
    "@level": level,
    "@message": message,
    "@module": typeof extensionId === "string" ? `plugboard.${extensionId}` : "plugboard",
    "@timestamp": timestamp(new Date()),
  };
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) record[key in record ? `${key}_` : key] = plain(value);
  }
  const line = textOf(record);
  return `${line.length <= maxLineLength ? line : textOf({ ...record, ...shortened(record, message) })}\n`;
}

/** What a host reads as one line has at most 64 KiB; a longer one would be cut inside the JSON. */
const maxLineLength = 60_000;

/** Text that UTF-8 makes four times as long still fits. */
const maxMessageLength = 12_000;

function shortened(record: Readonly<Record<string, unknown>>, message: string): Record<string, unknown> {
  const fields = Object.keys(record).filter((key) => !key.startsWith("@"));
  return {
    "@message": message.slice(0, maxMessageLength).toWellFormed(),
    ...Object.fromEntries(fields.map((key) => [key, undefined])),
    shortened: true,
  };
}

/** hclog's layout has microseconds and an offset. */
function timestamp(date: Date): string {
  return date.toISOString().replace(/Z$/, "000Z");
}

function plain(value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}

/** What can't be written as JSON is told by name. */
function textOf(record: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(record);
  } catch {
    return JSON.stringify(
      Object.fromEntries(Object.entries(record).map(([key, value]) => [key, shownAs(value)])),
    );
  }
}

function shownAs(value: unknown): unknown {
  if (typeof value === "string") return value;
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}
