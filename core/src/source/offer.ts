/** A version that can be had from a source. */
import type { SourceRecord } from "./source-record.js";

/** That a version is newer than npm's settings let it be. @internal */
export interface TooNew {
  /** Why, in a sentence. */
  readonly why: string;
  /** From when on it is not, in ISO 8601, where that can be told. */
  readonly until?: string | undefined;
}

/** A version that can be had. @internal */
export interface Offer {
  /** Unknown where only the file itself tells it. */
  readonly version?: string | undefined;
  /** What is remembered if this one is installed. */
  readonly record: SourceRecord;
  /** Where it comes from, for people. */
  readonly from: string;
  /** Keeps it from being taken. */
  readonly tooNew?: TooNew | undefined;
  /** The version that would have been taken in its place, were it not too new. */
  readonly passesOver?: { readonly version: string; readonly tooNew: TooNew } | undefined;
  /** Brings it to this machine, once, and gives the path of the folder or the archive. */
  fetch(this: void): Promise<string>;
}
