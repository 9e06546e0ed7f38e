/**
 * Leads what a plugin prints to its extension's log: the records of hclog with their level and fields, other text with
 * the level that it says or is known to have.
 */
import type { Logger, LogLevel, OutputLine } from "@plugboard/extension-api";
import { hclogLevel, readHclogRecord } from "../launch/hclog-record.js";

/** The log of one plugin. @internal */
export class PluginLog {
  readonly #logger: Logger;
  /** From here on, what is printed is the story of a crash. */
  #isFatal = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Takes a line as the process printed it. */
  line(line: OutputLine): void {
    if (line.stream === "stderr" && /^(?:panic|fatal error):/.test(line.text)) this.#isFatal = true;
    this.#tell(line, this.#isFatal ? "error" : (levelOf(line.text) ?? "debug"));
  }

  /** Takes a line that came through the plugin's stdio service. Of a crash Go itself tells elsewhere. */
  printed(line: OutputLine): void {
    // As what extensions print in the other runtimes.
    this.#tell(line, levelOf(line.text) ?? "warn");
  }

  /** @param level - of a line on standard error that is no record */
  #tell({ stream, text }: OutputLine, level: LogLevel): void {
    if (stream === "stdout") {
      this.#logger.info(text, { stream });
      return;
    }
    const record = readHclogRecord(text);
    if (record === undefined) this.#logger[level](text, { stream });
    else this.#logger[record.level](record.message, record.fields);
  }
}

/** The level that a line begins with. */
function levelOf(text: string): LogLevel | undefined {
  const [, name = ""] = /^\[(TRACE|DEBUG|INFO|WARN|ERROR)\]/.exec(text) ?? [];
  return hclogLevel(name);
}
