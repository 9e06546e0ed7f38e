/**
 * Reads functions and strings of V8 out of another process's memory. Whatever stands there may be wrong, by chance
 * or on purpose: what makes no sense is undefined, and no number found there makes this work for long.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { SeenPlace } from "../busy-place.js";
import type { EngineSymbols } from "./engine-layout.js";

const wordBytes = 8;
const longestFileName = 4_096;
const longestSource = 64 * 1024 * 1024;
const deepestString = 8;
/** Words of a ScopeInfo: how many variables it names, and where what comes after its head starts. */
const scopeWords = { variables: 3, afterHead: 4 };
/** After the head, or after two words for each variable, one of the next words starts the positions. */
const positionSearch = 6;
const mostVariables = 1_000;

/** The memory of one process; to be closed. @internal */
export class EngineMemory {
  readonly #file: number;
  readonly #symbols: EngineSymbols;

  /** @throws if the process is gone, or its memory is not to be read by this one */
  constructor(processId: number, symbols: EngineSymbols) {
    this.#file = openSync(`/proc/${processId}/mem`, "r");
    this.#symbols = symbols;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Bytes from an address, as many as there are up to the length. @throws where nothing is */
  read(address: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.#file, bytes, 0, length, address));
  }

  /** Where the function starts whose frame has its base at an offset of a copy of the stack. */
  functionOfFrame(stack: Buffer, base: number): SeenPlace | undefined {
    const at = base + this.#number("off_fp_function");
    if (at < 0 || at + wordBytes > stack.length) return undefined;
    const value = Number(stack.readBigUInt64LE(at));
    try {
      return this.#isFunction(value) ? this.#describe(value) : undefined;
    } catch {
      // no such address, or no such symbol
      return undefined;
    }
  }

  #isFunction(value: number): boolean {
    if (!isPointer(value)) return false;
    const type = this.#type(value);
    return type >= this.#number("FirstJSFunctionType") && type <= this.#number("LastJSFunctionType");
  }

  #describe(value: number): SeenPlace | undefined {
    const shared = this.#field(value, "class_JSFunction__shared__SharedFunctionInfo");
    const script = this.#field(shared, "class_SharedFunctionInfo__script__Tagged_HeapObject_");
    const file = this.#string(this.#field(script, "class_Script__name__Object"), longestFileName);
    if (file === undefined) return undefined;
    const before = this.#sourceBefore(shared, script);
    if (before === undefined) return undefined;
    return { file, line: before.split("\n").length, functionName: nameAtEnd(before) };
  }

  /** The script's text before the function's parameters. */
  #sourceBefore(shared: number, script: number): string | undefined {
    const scope = this.#field(
      shared,
      "class_SharedFunctionInfo__name_or_scope_info__Tagged_NameOrScopeInfoT_",
      "class_SharedFunctionInfo__name_or_scope_info__Tagged_Object_",
    );
    if (this.#type(scope) !== this.#number("type_ScopeInfo__SCOPE_INFO_TYPE")) return undefined;
    const source = this.#field(script, "class_Script__source__Object");
    const start = this.#functionStart(scope, this.#length(source));
    if (start === undefined || start > longestSource) return undefined;
    return this.#text(source, start);
  }

  /** Newer engines keep positions right after the head, older ones after the names of variables. */
  #functionStart(scope: number, sourceLength: number): number | undefined {
    const integer = (word: number): number | undefined => this.#smallInteger(scope - 1 + word * wordBytes);
    const variables = integer(scopeWords.variables) ?? 0;
    if (variables < 0 || variables > mostVariables) return undefined;
    for (const first of [scopeWords.afterHead, scopeWords.afterHead + 2 * variables]) {
      for (let word = first; word < first + positionSearch; word++) {
        const start = integer(word);
        const end = integer(word + 1);
        if (start !== undefined && end !== undefined && start >= 0 && start < end && end <= sourceLength)
          return start;
        // newer engines have them at once
        if (first === scopeWords.afterHead && variables > 0) break;
      }
    }
    return undefined;
  }

  /** A whole string, if it is one and not longer than the limit. */
  #string(value: number, limit: number): string | undefined {
    if (!isPointer(value) || this.#type(value) >= this.#number("FirstNonstringType")) return undefined;
    const length = this.#length(value);
    return length > limit ? undefined : this.#text(value, length);
  }

  /** The first characters of a string. */
  #text(value: number, length: number, depth = 0): string | undefined {
    const type = this.#type(value);
    if (depth > deepestString || type >= this.#number("FirstNonstringType")) return undefined;
    const mask = this.#number("StringEncodingMask");
    const encoding = mask !== 0 && (type & mask) === this.#number("OneByteStringTag") ? "latin1" : "utf16le";
    switch (type & this.#number("StringRepresentationMask")) {
      case this.#number("SeqStringTag"):
        return this.#characters(
          value - 1 + this.#number("class_SeqOneByteString__chars__char"),
          length,
          encoding,
        );
      case this.#number("ExternalStringTag"): {
        // its characters lie elsewhere; where, is kept after the object that owns them
        const owner = value - 1 + this.#number("class_ExternalString__resource__Object");
        return this.#characters(this.#word(owner + wordBytes), length, encoding);
      }
      case this.#number("ThinStringTag"):
        return this.#text(this.#field(value, "class_ThinString__actual__String"), length, depth + 1);
      case this.#number("SlicedStringTag"): {
        const offset = this.#smallInteger(value - 1 + this.#number("class_SlicedString__offset__SMI")) ?? -1;
        if (offset < 0 || offset > longestSource) return undefined;
        const parent = this.#field(value, "class_SlicedString__parent__String");
        return this.#text(parent, offset + length, depth + 1)?.slice(offset);
      }
      case this.#number("ConsStringTag"): {
        // the text of a script has been made flat: all of it is in the first half
        const first = this.#field(value, "class_ConsString__first__String");
        return this.#length(first) < length ? undefined : this.#text(first, length, depth + 1);
      }
      default:
        return undefined;
    }
  }

  #characters(address: number, length: number, encoding: "latin1" | "utf16le"): string {
    return this.read(address, encoding === "latin1" ? length : length * 2).toString(encoding);
  }

  #length(value: number): number {
    return this.read(value - 1 + this.#number("class_String__length__int32_t"), 4).readInt32LE(0);
  }

  #type(value: number): number {
    const map = this.#word(value - 1);
    return this.read(map - 1 + this.#number("class_Map__instance_type__uint16_t"), 2).readUInt16LE(0);
  }

  #field(value: number, ...symbols: readonly string[]): number {
    const symbol = symbols.find((name) => this.#symbols.has(name)) ?? "";
    const found = this.#word(value - 1 + this.#number(symbol));
    if (!isPointer(found)) throw new RangeError("No object stands there");
    return found;
  }

  #smallInteger(address: number): number | undefined {
    const word = this.read(address, wordBytes);
    return word.readInt32LE(0) === 0 ? word.readInt32LE(4) : undefined;
  }

  #word(address: number): number {
    return Number(this.read(address, wordBytes).readBigUInt64LE(0));
  }

  #number(symbol: string): number {
    const value = this.#symbols.get(symbol);
    if (value === undefined) throw new RangeError(`This engine does not tell ${symbol}`);
    return value;
  }
}

/** Pointers to objects end in 01. */
function isPointer(value: number): boolean {
  return value % 4 === 1;
}

const notNames = Object.freeze([
  "function",
  "async",
  "get",
  "set",
  "static",
  "return",
  "await",
  "yield",
  "of",
  "in",
]);

/** A function's name stands right before its parameters; an arrow's does before its sign of equality. */
function nameAtEnd(text: string): string | undefined {
  const tail = text.slice(-200);
  const name =
    /([\p{ID_Start}$_#][\p{ID_Continue}$]*)\s*$/u.exec(tail)?.[1] ??
    /([\p{ID_Start}$_#][\p{ID_Continue}$]*)\s*[=:]\s*(?:async\s*)?$/u.exec(tail)?.[1];
  return name === undefined || notNames.includes(name) ? undefined : name;
}
