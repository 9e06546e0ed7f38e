/**
 * Reads JSON5 text in one pass: values first, and the places of keys and values when asked.
 * Agrees with the json5 package on every text, except that it also finds repeated and forbidden keys and
 * stops at a depth. Knows nothing of manifests. Invariant: the value keeps nothing of the text alive unless that is
 * allowed, and no places unless asked.
 */
import { createRequire } from "node:module";
import type { StringPool } from "./string-pool.js";

/** The depth to which a text may nest unless said otherwise. @internal */
export const maximumDepth = 64;

/** Options of {@link readJson5}. @internal */
export interface ReadJson5Options {
  /** Gives the places of keys and values as well. */
  readonly places?: boolean;
  /** Freezes every object and array of the value. */
  readonly frozen?: boolean;
  /** Unless false, strings of the value have memory of their own; otherwise they keep the text alive. */
  readonly detached?: boolean;
  /** Where strings are looked up before they are copied out of the text. */
  readonly strings?: StringPool | undefined;
  /** How deep objects and arrays may nest; 64 unless given. */
  readonly maximumDepth?: number;
}

/** The place of a value in the text, as offsets in UTF-16 units. @internal */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** For an object: its members by key; of a repeated key the last one. */
  readonly members?: ReadonlyMap<string, MemberPlace>;
  /** For an array: its items. */
  readonly items?: readonly Place[];
}

/** The place of a member of an object. @internal */
export interface MemberPlace {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: Place;
}

/** A key that JSON5 allows and a manifest does not. @internal */
export interface KeyFinding {
  readonly kind: "duplicate" | "forbidden";
  readonly key: string;
  /** Where the key starts. */
  readonly offset: number;
  /** Where the same key stood first; only with places. */
  readonly firstOffset?: number;
  /** JSON Pointer to the member; only with places. */
  readonly path?: string;
}

/** The reason why a text could not be read to its end. @internal */
export interface ReadFailure {
  readonly kind: "syntax" | "depth";
  readonly offset: number;
  readonly message: string;
}

/** The result of reading a text. @internal */
export interface ReadResult {
  /** The value; after a failure the members and items read before it. */
  readonly value: unknown;
  readonly keyFindings: readonly KeyFinding[];
  /** Absent when the text was read to its end. */
  readonly failure?: ReadFailure;
  /** Place of the whole value, when places were asked for; after a failure as far as it was read. */
  readonly place?: Place;
}

/**
 * Reads a JSON5 text. Never throws: what is wrong with the text is part of the result.
 *
 * @internal
 */
export function readJson5(text: string, options: ReadJson5Options = {}): ReadResult {
  return new Json5Reader(text, options).read();
}

/**
 * Words a syntax error as the json5 package does, without the place.
 *
 * @internal
 */
export function syntaxErrorWording(text: string): string | undefined {
  const json5 = createRequire(import.meta.url)("json5") as { parse(text: string): unknown };
  try {
    // json5 prints a warning for these two in strings, and the library is silent.
    json5.parse(text.replaceAll(/[\u2028\u2029]/g, " "));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^JSON5: /, "").replace(/ at \d+:\d+$/, "");
  }
}

interface MutablePlace {
  start: number;
  end: number;
  members?: Map<string, MemberPlace>;
  items?: Place[];
}

class Stop extends Error {
  readonly kind: ReadFailure["kind"];
  readonly offset: number;

  constructor(kind: ReadFailure["kind"], offset: number, message: string) {
    super(message);
    this.kind = kind;
    this.offset = offset;
  }
}

const identifierStart = /^[$_\p{L}\p{Nl}]$/u;
const identifierPart = /^[$_\u200c\u200d\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]$/u;
const spaceSeparator = /^\p{Zs}$/u;

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

/** Length from which the engine makes a slice share the memory of the whole text. */
const shortestShared = 13;

/** Codes of the characters that the grammar turns on; NaN, beyond the end, equals none of them. */
const code = {
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  doubleQuote: 34,
  dollar: 36,
  singleQuote: 39,
  asterisk: 42,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  zero: 48,
  nine: 57,
  colon: 58,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  underscore: 95,
  lowerF: 102,
  lowerN: 110,
  lowerT: 116,
  openBrace: 123,
  closeBrace: 125,
  noBreakSpace: 0xa0,
  lineSeparator: 0x2028,
  paragraphSeparator: 0x2029,
  byteOrderMark: 0xfeff,
} as const;

/** The state of one reading: a position that only grows, and what was found on the way. */
class Json5Reader {
  readonly #text: string;
  /** The text's bytes once somebody copies from it, false if a character takes more than one. */
  #bytes: Buffer | false | undefined;
  readonly #wantsPlaces: boolean;
  readonly #frozen: boolean;
  readonly #detached: boolean;
  readonly #strings: StringPool | undefined;
  readonly #maximumDepth: number;
  readonly #keyFindings: KeyFinding[] = [];
  /** Keys and indexes that lead to the present value; kept only with places. */
  readonly #path: (string | number)[] = [];
  #position = 0;
  #depth = 0;
  /** Place of the value read last; kept only with places. */
  #place: Place = { start: 0, end: 0 };
  #root: unknown;
  #rootPlace: Place | undefined;

  constructor(text: string, options: ReadJson5Options) {
    this.#text = text;
    this.#wantsPlaces = options.places === true;
    this.#frozen = options.frozen === true;
    this.#detached = options.detached !== false;
    this.#strings = options.strings;
    this.#maximumDepth = options.maximumDepth ?? maximumDepth;
  }

  read(): ReadResult {
    let failure: ReadFailure | undefined;
    try {
      this.#root = this.#readValue(this.#skipBlanks());
      if (this.#wantsPlaces) this.#rootPlace = this.#place;
      this.#skipBlanks();
      if (this.#position < this.#text.length) this.#unexpected();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      failure = { kind: error.kind, offset: error.offset, message: error.message };
    }
    return {
      value: this.#root,
      keyFindings: this.#keyFindings,
      ...(failure === undefined ? undefined : { failure }),
      ...(this.#rootPlace === undefined ? undefined : { place: this.#rootPlace }),
    };
  }

  /** @param first - the code of the value's first character, which stands at the position */
  #readValue(first: number): unknown {
    if (first === code.openBrace) return this.#readObject();
    if (first === code.openBracket) return this.#readArray();
    const start = this.#position;
    let value: unknown;
    if (first === code.doubleQuote || first === code.singleQuote) value = this.#readString(first);
    else if (first === code.lowerT) value = this.#readWord("true", true);
    else if (first === code.lowerF) value = this.#readWord("false", false);
    else if (first === code.lowerN) value = this.#readWord("null", null);
    else value = this.#readNumber();
    if (this.#wantsPlaces) this.#place = { start, end: this.#position };
    return value;
  }

  #readObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const place = this.#enter(object);
    if (place !== undefined) place.members = new Map();
    let next = this.#skipBlanks();
    while (next !== code.closeBrace) {
      const keyStart = this.#position;
      const key = this.#readKey(next);
      const keyEnd = this.#position;
      if (this.#skipBlanks() !== code.colon) this.#unexpected();
      this.#position += 1;
      if (place !== undefined) this.#path.push(key);
      // No value is undefined, so that the first comparison spares most keys the second.
      if ((object[key] !== undefined && Object.hasOwn(object, key)) || isForbidden(key)) {
        this.#findKey(key, keyStart, place);
      }
      const value = this.#readValue(this.#skipBlanks());
      if (key === "__proto__") {
        Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
      } else {
        object[key] = value;
      }
      if (place !== undefined) {
        this.#path.pop();
        place.members?.set(key, { keyStart, keyEnd, value: this.#place });
      }
      next = this.#afterElement(code.closeBrace);
    }
    this.#leave(place);
    return this.#frozen ? Object.freeze(object) : object;
  }

  #readArray(): unknown[] {
    const array: unknown[] = [];
    const place = this.#enter(array);
    if (place !== undefined) place.items = [];
    let next = this.#skipBlanks();
    while (next !== code.closeBracket) {
      if (place !== undefined) this.#path.push(array.length);
      array.push(this.#readValue(next));
      if (place !== undefined) {
        this.#path.pop();
        place.items?.push(this.#place);
      }
      next = this.#afterElement(code.closeBracket);
    }
    this.#leave(place);
    // Growing by push leaves room for sixteen more items, which would stay for as long as the value.
    const exact = array.slice();
    return this.#frozen ? (Object.freeze(exact) as unknown[]) : exact;
  }

  #enter(container: object): MutablePlace | undefined {
    this.#depth += 1;
    if (this.#depth > this.#maximumDepth) {
      throw new Stop("depth", this.#position, `nested deeper than ${this.#maximumDepth} levels`);
    }
    const place = this.#wantsPlaces ? { start: this.#position, end: this.#text.length } : undefined;
    if (this.#depth === 1) {
      this.#root = container;
      this.#rootPlace = place;
    }
    this.#position += 1;
    return place;
  }

  #leave(place: MutablePlace | undefined): void {
    this.#position += 1;
    this.#depth -= 1;
    if (place === undefined) return;
    place.end = this.#position;
    this.#place = place;
  }

  /** Steps over the comma after a member or item; returns the code of what follows. */
  #afterElement(close: number): number {
    const next = this.#skipBlanks();
    if (next === code.comma) {
      this.#position += 1;
      return this.#skipBlanks();
    }
    if (next !== close) this.#unexpected();
    return next;
  }

  #findKey(key: string, offset: number, place: MutablePlace | undefined): void {
    const kind = isForbidden(key) ? "forbidden" : "duplicate";
    if (place === undefined) {
      this.#keyFindings.push({ kind, key, offset });
      return;
    }
    const first = place.members?.get(key)?.keyStart;
    this.#keyFindings.push({
      kind,
      key,
      offset,
      path: pointer(this.#path),
      ...(first === undefined ? undefined : { firstOffset: first }),
    });
  }

  #readKey(first: number): string {
    if (first === code.doubleQuote || first === code.singleQuote) return this.#readString(first);
    const text = this.#text;
    const start = this.#position;
    let end = start;
    let next = first;
    while (isAsciiIdentifierPart(next) && (end > start || !isDigit(next))) next = text.charCodeAt(++end);
    if (end > start && next !== code.backslash && !(next > 127)) {
      this.#position = end;
      // The engine knows a key that it met as the same object at once; a new one it has to look up each time.
      return this.#take(start, end);
    }
    return this.#readRareKey();
  }

  /** A key with escapes or with letters beyond ASCII. */
  #readRareKey(): string {
    const pattern =
      /(?:[$_\p{L}\p{Nl}]|\\u[0-9a-fA-F]{4})(?:[$_\u200c\u200d\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]|\\u[0-9a-fA-F]{4})*/uy;
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) this.#unexpected();
    let key = "";
    for (const [part, digits] of found.matchAll(/\\u(.{4})|[^]/gu)) {
      const character = digits === undefined ? part : String.fromCharCode(Number.parseInt(digits, 16));
      const isAllowed = key === "" ? identifierStart.test(character) : identifierPart.test(character);
      if (!isAllowed) this.#unexpected();
      key += character;
    }
    this.#position = pattern.lastIndex;
    return key;
  }

  #readString(quote: number): string {
    const text = this.#text;
    const start = this.#position + 1;
    for (let index = start; ; index++) {
      const next = text.charCodeAt(index);
      if (next === quote) {
        this.#position = index + 1;
        return this.#take(start, index);
      }
      if (next === code.backslash) return this.#readEscapedString(quote, start, index);
      if (next === code.lineFeed || next === code.carriageReturn || !(next >= 0)) {
        this.#position = index;
        this.#unexpected();
      }
    }
  }

  #take(start: number, end: number): string {
    const met = this.#strings?.find(this.#text, start, end);
    if (met !== undefined) return met;
    const copy = this.#copy(start, end);
    this.#strings?.keep(copy);
    return copy;
  }

  /** What stands between two places, in memory of its own. */
  #copy(start: number, end: number): string {
    if (!this.#detached || end - start < shortestShared) return this.#text.slice(start, end);
    if (this.#bytes === undefined) {
      const isAscii = Buffer.byteLength(this.#text) === this.#text.length;
      this.#bytes = isAscii ? Buffer.from(this.#text, "latin1") : false;
    }
    // The same as below, in a third of the time and with nothing between.
    if (this.#bytes !== false) return this.#bytes.toString("latin1", start, end);
    return detached(this.#text.slice(start, end));
  }

  /** @param firstEscape - where the first backslash stands; all before it is as written */
  #readEscapedString(quote: number, start: number, firstEscape: number): string {
    const text = this.#text;
    let value = text.slice(start, firstEscape);
    this.#position = firstEscape;
    let from = firstEscape;
    for (;;) {
      const next = text.charCodeAt(this.#position);
      if (next === quote) {
        value += text.slice(from, this.#position);
        this.#position += 1;
        return detached(value);
      }
      if (next === code.backslash) {
        value += text.slice(from, this.#position);
        this.#position += 1;
        value += this.#readEscape();
        from = this.#position;
      } else if (next === code.lineFeed || next === code.carriageReturn || !(next >= 0)) {
        this.#unexpected();
      } else {
        this.#position += 1;
      }
    }
  }

  /** Reads what follows a backslash. */
  #readEscape(): string {
    const character = this.#text.charAt(this.#position);
    if (character === "") this.#unexpected();
    const next = character.charCodeAt(0);
    if (next >= code.zero && next <= code.nine) {
      if (next !== code.zero) this.#unexpected();
      this.#position += 1;
      if (isDigit(this.#text.charCodeAt(this.#position))) this.#unexpected();
      return "\0";
    }
    this.#position += 1;
    if (character === "x") return this.#readHexadecimal(2);
    if (character === "u") return this.#readHexadecimal(4);
    if (next === code.carriageReturn) {
      if (this.#text.charCodeAt(this.#position) === code.lineFeed) this.#position += 1;
      return "";
    }
    const continuesLine =
      next === code.lineFeed || next === code.lineSeparator || next === code.paragraphSeparator;
    return continuesLine ? "" : (simpleEscapes.get(character) ?? character);
  }

  #readHexadecimal(length: number): string {
    const start = this.#position;
    while (this.#position < start + length) {
      if (!/^[0-9a-fA-F]$/.test(this.#text.charAt(this.#position))) this.#unexpected();
      this.#position += 1;
    }
    return String.fromCharCode(Number.parseInt(this.#text.slice(start, this.#position), 16));
  }

  #readNumber(): number {
    const pattern =
      /([+-]?)(0[xX][0-9a-fA-F]+|Infinity|NaN|(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y;
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text);
    if (found === null) {
      const first = this.#text.charCodeAt(this.#position);
      if (first === code.plus || first === code.minus) this.#position += 1;
      this.#unexpected();
    }
    this.#position = pattern.lastIndex;
    const next = this.#text.charCodeAt(this.#position);
    if (isDigit(next) || next === code.dot) this.#unexpected();
    // Number() knows no sign before hexadecimal digits.
    const magnitude = Number(found[2]);
    return found[1] === "-" ? -magnitude : magnitude;
  }

  #readWord<T>(word: string, value: T): T {
    for (let index = 0; index < word.length; index++) {
      if (this.#text.charCodeAt(this.#position) !== word.charCodeAt(index)) this.#unexpected();
      this.#position += 1;
    }
    return value;
  }

  /** Steps over blanks and comments; returns the code of what follows, NaN at the end. */
  #skipBlanks(): number {
    const text = this.#text;
    for (let index = this.#position; ;) {
      const next = text.charCodeAt(index);
      if (next === code.space || (next <= code.carriageReturn && next >= 9)) index += 1;
      else if (next === code.slash) index = this.#skipComment(index);
      else if (next > 127 && isRareBlank(next)) index += 1;
      else {
        this.#position = index;
        return next;
      }
    }
  }

  /** @returns where the comment that starts at the offset ends */
  #skipComment(start: number): number {
    const text = this.#text;
    const second = text.charCodeAt(start + 1);
    if (second === code.asterisk) {
      const end = text.indexOf("*/", start + 2);
      if (end >= 0) return end + 2;
      this.#position = text.length;
      this.#unexpected();
    }
    if (second !== code.slash) {
      this.#position = start + 1;
      this.#unexpected();
    }
    let index = start + 2;
    for (; index < text.length; index++) {
      if (isLineEnd(text.charCodeAt(index))) break;
    }
    return index;
  }

  #unexpected(): never {
    const point = this.#text.codePointAt(this.#position);
    throw new Stop(
      "syntax",
      Math.min(this.#position, this.#text.length),
      point === undefined
        ? "invalid end of input"
        : `invalid character ${JSON.stringify(String.fromCodePoint(point))}`,
    );
  }
}

/**
 * The engine makes slices of some length share the memory of the whole text, comments and all. A
 * slice of a joined string shares only what was joined.
 */
function detached(slice: string): string {
  return slice.length < shortestShared ? slice : ` ${slice}`.slice(1);
}

function isDigit(next: number): boolean {
  return next >= code.zero && next <= code.nine;
}

function isAsciiIdentifierPart(next: number): boolean {
  const lower = next | 32;
  return (
    (lower >= 97 && lower <= 122 && next < 128) ||
    isDigit(next) ||
    next === code.underscore ||
    next === code.dollar
  );
}

function isLineEnd(next: number): boolean {
  return (
    next === code.lineFeed ||
    next === code.carriageReturn ||
    next === code.lineSeparator ||
    next === code.paragraphSeparator
  );
}

function isRareBlank(next: number): boolean {
  return (
    next === code.noBreakSpace ||
    next === code.byteOrderMark ||
    next === code.lineSeparator ||
    next === code.paragraphSeparator ||
    spaceSeparator.test(String.fromCharCode(next))
  );
}

/** Keys through which a careless copy of the value could change the prototype of an object. */
function isForbidden(key: string): boolean {
  const { length } = key;
  return (
    (length === 9 || length === 11) && (key === "__proto__" || key === "constructor" || key === "prototype")
  );
}

function pointer(path: readonly (string | number)[]): string {
  return path.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
