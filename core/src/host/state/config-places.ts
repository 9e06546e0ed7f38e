/**
 * Where the application's settings stand in the file that they were read from. Reads the file when the first finding
 * asks, and trusts that it still says what the application read.
 */
import type { Problem } from "@plugboard/extension-api";
import { readRegularFile } from "../../common/read-regular-file.js";
import { offsetOf, TextLines } from "../../manifest/locate.js";
import { readJson5, type Place } from "../../manifest/read-json5.js";

interface PlacedText {
  readonly place: Place | undefined;
  readonly lines: TextLines;
}

/** Knows the places of one config file. @internal */
export class ConfigPlaces {
  readonly #file: string | undefined;
  #text: PlacedText | undefined;

  /** @param file - absolute; undefined where the settings come from the application's own code */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** The place of a key or value; undefined if no file was named. */
  at(pointer: string, what: "key" | "value"): Pick<Problem, "file" | "line" | "column" | "path"> | undefined {
    if (this.#file === undefined) return undefined;
    this.#text ??= placedText(this.#file);
    const { place, lines } = this.#text;
    return {
      file: this.#file,
      ...(place === undefined ? {} : lines.at(offsetOf(place, pointer, what))),
      path: pointer,
    };
  }
}

function placedText(file: string): PlacedText {
  try {
    const text = readRegularFile(file, Infinity);
    return { place: readJson5(text, { places: true }).place, lines: new TextLines(text) };
  } catch {
    // It went after it was read; what is wrong is told without a line.
    return { place: undefined, lines: new TextLines("") };
  }
}
