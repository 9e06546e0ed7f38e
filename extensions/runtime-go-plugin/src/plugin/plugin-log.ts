/**
 * Leads what a plugin prints to its extension's log: the records of hclog with their level and fields, other text with
 * the level that it says or is known to have.
 */
import type { Logger, LogLevel } from "@plugboard/extension-api";
import { hclogLevel, readHclogRecord } from "../launch/hclog-record.js";
import type { TextLine } from "../launch/output-lines.js";

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
    const record = isCut ? undefined : readHclogRecord(text);
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
  return hclogLevel(name) ?? "debug";
}
