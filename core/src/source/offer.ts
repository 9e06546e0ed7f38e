/** A version that can be had from a source. */
import type { SourceRecord } from "./source-record.js";

/** A version that can be had. @internal */
export interface Offer {
  /** Unknown where only the file itself tells it. */
  readonly version?: string | undefined;
  /** What is remembered if this one is installed. */
  readonly record: SourceRecord;
  /** Where it comes from, for people. */
  readonly from: string;
  /** Brings it to this machine, once, and gives the path of the folder or the archive. */
  fetch(this: void): Promise<string>;
}
