/** Where messages go. The library itself never prints. */

/** How much a log record matters, least first. @public */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** Takes log records. Fields are plain data. @public */
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
