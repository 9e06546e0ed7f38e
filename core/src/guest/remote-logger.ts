/**
 * Sends what an extension logs to the host: as data that can cross, as much as a session may log.
 * Invariant: logging never throws, whatever an author gives it.
 */
import type { Logger, LogLevel } from "@plugboard/extension-api";
import type { LogFrame } from "@plugboard/schemas";
import { sizeUpTo } from "../common/data-size.js";
import { thrownText } from "../common/thrown-text.js";
import { LogAllowance, sessionLogLimits } from "../protocol/log-allowance.js";
import { logRecord } from "../protocol/log-record.js";
import type { Outbox } from "../protocol/outbox.js";

type Fields = Readonly<Record<string, unknown>>;

/** The logger of an extension that runs apart from the host. @internal */
export class RemoteLogger {
  readonly logger: Logger;
  readonly #session: number;
  readonly #outbox: Outbox;
  readonly #allowance: LogAllowance;

  constructor(session: number, outbox: Outbox) {
    this.#session = session;
    this.#outbox = outbox;
    this.#allowance = new LogAllowance(sessionLogLimits, (text) => {
      this.#send("warn", text);
    });
    const log = (level: LogLevel) => (message: unknown, fields?: unknown) => {
      this.#log(level, message, fields);
    };
    this.logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  }

  /** A record could not be sent, in spite of all: its text is. */
  refuse({ level, message, fields }: LogFrame, error: unknown): void {
    if (fields !== undefined)
      this.#send(level, `${message} (its fields could not be sent: ${thrownText(error)})`);
  }

  /** Nothing is logged any more; what was left out is told. */
  end(): void {
    this.#allowance.end();
  }

  #log(level: LogLevel, given: unknown, givenFields: unknown): void {
    if (this.#allowance.isSpent) {
      this.#allowance.drop();
      return;
    }
    const { message, fields } = logRecord(given, givenFields);
    const bytes = message.length + (fields === undefined ? 0 : sizeUpTo(fields, sessionLogLimits.burstBytes));
    if (this.#allowance.take(bytes)) this.#send(level, message, fields);
  }

  #send(level: LogLevel, message: string, fields?: Fields): void {
    this.#outbox.enqueue({
      type: "log",
      session: this.#session,
      level,
      message,
      ...(fields === undefined ? {} : { fields }),
      time: Date.now(),
    });
  }
}
