/** Where messages go. The library itself never prints. */

/** Severity of a log record, least first. @public */
export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * Takes log records. Fields are plain data. From an extension anything is taken: a message that is no text is told as
 * one, an error in the message's or the fields' place becomes the field `error`. Apart from the host a burst of 100,000 messages is told whole; of those who
 * go on, 10,000 a second are, and one line says how many were left out.
 *
 * @public
 */
export interface Logger {
  /** Details for whoever looks for a fault. */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something worth knowing happened. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something is odd; work goes on. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Something failed. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
