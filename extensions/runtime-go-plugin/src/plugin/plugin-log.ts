/**
 * Leads what a plugin prints to its extension's log: the records of hclog with their level and fields, other text with
 * the level that it says or is known to have.
 */
import type { Logger, LogLevel } from "@plugboard/extension-api";
import type { TextLine } from "../launch/output-lines.js";

const levels: Readonly<Record<string, LogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
};

/** The log of one plugin. @internal */
export class PluginLog {
  readonly #logger: Logger;
  /** From here on, what is printed is the story of a crash. */
  #isFatal = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Takes a line as the process printed it. */
  line(stream: "stdout" | "stderr", line: TextLine): void {
    if (stream === "stdout") this.#logger.info(line.text, { stream });
    else this.#error(line);
  }

  /** Takes a line that came through the plugin's stdio service. */
  printed(stream: "stdout" | "stderr", { text }: TextLine): void {
    this.#logger[stream === "stdout" ? "info" : "warn"](text, { stream });
  }

  #error(line: TextLine): void {
    const { text, isCut } = line;
    const record = isCut ? undefined : recordOf(text);
    if (record !== undefined) {
      this.#logger[record.level](record.message, record.fields);
      return;
    }
    if (/^(?:panic|fatal error):/.test(text)) this.#isFatal = true;
    const fields = { stream: "stderr", ...(isCut ? { cut: true } : {}) };
    this.#logger[this.#isFatal ? "error" : levelOf(text)](text, fields);
  }
}

function levelOf(text: string): LogLevel {
  const [, name = ""] = /^\[(TRACE|DEBUG|INFO|WARN|ERROR)\]/.exec(text) ?? [];
  return levels[name.toLowerCase()] ?? "debug";
}

/** A record of hclog; undefined for any other text. */
function recordOf(
  text: string,
):
  | { readonly level: LogLevel; readonly message: string; readonly fields: Readonly<Record<string, unknown>> }
  | undefined {
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
    level: (typeof level === "string" ? levels[level.toLowerCase()] : undefined) ?? "debug",
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
