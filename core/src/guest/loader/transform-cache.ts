/**
 * Keeps transformed source text by content, so that a reload transforms only what was edited.
 * One per host, shared by all generations. Invariant: never holds more bytes than its limit.
 */
import type { ModuleRecord } from "./module-record.js";

/** Settings of a {@link TransformCache}. @internal */
export interface TransformCacheOptions {
  /** The most bytes of text to hold; 16 MiB unless given. */
  readonly maximumBytes?: number;
}

/** Least recently used records leave first. @internal */
export class TransformCache {
  readonly #maximumBytes: number;
  readonly #records = new Map<string, { readonly record: ModuleRecord; readonly bytes: number }>();
  #bytes = 0;

  constructor(options: TransformCacheOptions = {}) {
    this.#maximumBytes = options.maximumBytes ?? 16 * 1024 * 1024;
  }

  /** Bytes held now, an estimate. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The record kept under the key, which becomes the most recently used. */
  get(key: string): ModuleRecord | undefined {
    const entry = this.#records.get(key);
    if (entry === undefined) return undefined;
    this.#records.delete(key);
    this.#records.set(key, entry);
    return entry.record;
  }

  /** Keeps a record, and drops the least recently used ones beyond the limit. */
  set(key: string, record: ModuleRecord): void {
    this.delete(key);
    const bytes = sizeOf(record);
    if (bytes > this.#maximumBytes) return;
    this.#records.set(key, { record, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#records.keys()) {
      if (this.#bytes <= this.#maximumBytes) break;
      this.delete(oldest);
    }
  }

  /** Forgets the record kept under the key. */
  delete(key: string): void {
    const entry = this.#records.get(key);
    if (entry === undefined) return;
    this.#records.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** Text beyond Latin-1 takes two bytes a character; a name of a record with its place takes about 150. */
function sizeOf(record: ModuleRecord): number {
  const text = record.body.length * (/[^\0-\xff]/.test(record.body) ? 2 : 1);
  if (record.format === "commonjs") return text + 500;
  const names =
    record.dependencies.length + record.imports.length + record.exports.size + record.reexports.length;
  return text + 1_000 + names * 150;
}
