/**
 * Turns JSON Pointers and offsets into lines and columns. Lines end at LF, CR or CRLF, as editors show
 * them; columns count UTF-16 units from 1, and a byte order mark takes none.
 */
import { readJson5, type Place } from "./read-json5.js";

/** A place as people name it: line and column from 1. @internal */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/**
 * Tells where a key or value of a manifest stands. When the text no longer holds what the pointer names,
 * the place of the nearest thing around it that the text does hold.
 *
 * @internal
 */
export function locateInManifest(text: string, pointer: string, what: "key" | "value"): LineColumn {
  return new ManifestPlaces(text).at(pointer, what);
}

/** Places of the keys and values of one text, read once for many findings. @internal */
export class ManifestPlaces {
  readonly #place: Place | undefined;
  readonly #lines: TextLines;

  constructor(text: string) {
    this.#place = readJson5(text, { places: true }).place;
    this.#lines = new TextLines(text);
  }

  /** The place of what the pointer names; of the nearest thing around it that the text does hold. */
  at(pointer: string, what: "key" | "value"): LineColumn {
    return this.#lines.at(offsetOf(this.#place, pointer, what));
  }
}

/**
 * Tells at which offset a key or value starts; the nearest thing around it where it is not there.
 *
 * @internal
 */
export function offsetOf(root: Place | undefined, pointer: string, what: "key" | "value"): number {
  if (root === undefined) return 0;
  let place = root;
  let keyStart: number | undefined;
  for (const segment of pointerSegments(pointer)) {
    const member = place.members?.get(segment);
    const inner = member?.value ?? place.items?.[Number(segment)];
    if (inner === undefined) return place.start;
    place = inner;
    keyStart = member?.keyStart;
  }
  return what === "key" && keyStart !== undefined ? keyStart : place.start;
}

/** Splits a JSON Pointer into keys and indexes. @internal */
export function pointerSegments(pointer: string): readonly string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Adds a key or index to a JSON Pointer. @internal */
export function childPointer(pointer: string, segment: string | number): string {
  return `${pointer}/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * The JSON Pointer to what a key with dots names, such as `runtime.services.greeters`: as far as the value has it. The
 * names may have dots themselves.
 *
 * @internal
 */
export function pointerOfKey(value: unknown, key: string): string {
  let pointer = "";
  let rest = key;
  let at = value;
  while (rest !== "" && typeof at === "object" && at !== null) {
    const names = Object.keys(at).filter((one) => one === rest || rest.startsWith(`${one}.`));
    const name = names.sort((one, other) => other.length - one.length)[0];
    if (name === undefined) break;
    pointer = childPointer(pointer, name);
    rest = rest.slice(name.length + 1);
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return pointer;
}

/** Starts of the lines of a text, found once for many offsets. @internal */
export class TextLines {
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [text.startsWith("\uFEFF") ? 1 : 0];
    for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
    this.#starts = starts;
  }

  /** Line and column of an offset. */
  at(offset: number): LineColumn {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(offset - (this.#starts[low] as number), 0) + 1 };
  }
}
