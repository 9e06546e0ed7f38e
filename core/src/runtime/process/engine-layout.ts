/**
 * Where V8 keeps what a debugger wants to know, read from the symbols that Node's own binary carries for that
 * purpose (`v8dbg_*`). ELF of 64 bits only; nothing is known of other binaries.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** Numbers by name, without the prefix. @internal */
export type EngineSymbols = ReadonlyMap<string, number>;

const prefix = "v8dbg_";
const dynamicSymbols = 11;
const loadedSegment = 1;

/** Reads the symbols of a binary; none if it carries none. @internal */
export function readEngineSymbols(binary: string): EngineSymbols {
  const file = openSync(binary, "r");
  try {
    return new BinaryFile(file).symbols();
  } finally {
    closeSync(file);
  }
}

class BinaryFile {
  readonly #file: number;

  constructor(file: number) {
    this.#file = file;
  }

  symbols(): EngineSymbols {
    const head = this.#read(0, 64);
    if (head.toString("latin1", 1, 4) !== "ELF" || head[4] !== 2 || head[5] !== 1) return new Map();
    const sections = this.#table(head, { offset: 40, count: 60, size: 64 });
    const segments = this.#table(head, { offset: 32, count: 56, size: 56 });
    const table = sections.find((section) => section.readUInt32LE(4) === dynamicSymbols);
    const strings = table === undefined ? undefined : sections[table.readUInt32LE(40)];
    if (table === undefined || strings === undefined) return new Map();
    const names = namesByOffset(this.#section(strings));
    const entries = this.#section(table);
    const found = new Map<string, number>();
    for (let at = 0; at + 24 <= entries.length; at += 24) {
      const name = names.get(entries.readUInt32LE(at));
      if (name === undefined) continue;
      found.set(name, this.#valueAt(wordAt(entries, at + 8), segments));
    }
    return found;
  }

  #table(head: Buffer, place: { readonly offset: number; readonly count: number; readonly size: number }) {
    const bytes = this.#read(wordAt(head, place.offset), head.readUInt16LE(place.count) * place.size);
    return Array.from({ length: head.readUInt16LE(place.count) }, (_, index) =>
      bytes.subarray(index * place.size, (index + 1) * place.size),
    );
  }

  #section(header: Buffer): Buffer {
    return this.#read(wordAt(header, 24), wordAt(header, 32));
  }

  /** What lies in no part of the file starts as zero. */
  #valueAt(address: number, segments: readonly Buffer[]): number {
    for (const segment of segments) {
      const offset = address - wordAt(segment, 16);
      if (segment.readUInt32LE(0) !== loadedSegment || offset < 0 || offset >= wordAt(segment, 32)) continue;
      return this.#read(wordAt(segment, 8) + offset, 4).readInt32LE(0);
    }
    return 0;
  }

  #read(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    readSync(this.#file, bytes, 0, length, position);
    return bytes;
  }
}

function namesByOffset(strings: Buffer): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (let at = strings.indexOf(prefix); at !== -1; at = strings.indexOf(prefix, at + 1)) {
    names.set(at, strings.toString("latin1", at + prefix.length, strings.indexOf(0, at)));
  }
  return names;
}

function wordAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
