/**
 * Finds what a reader of a text does not see: characters that are invisible, and those that make text appear in another
 * order than it is run. Those that scripts and emoji need stay unnamed where they need them. Pure.
 */

/** Characters, one after the other, that nobody sees. @internal */
export interface HiddenCharacters {
  /** Where they begin, in UTF-16 units. */
  readonly offset: number;
  /** The first of them. */
  readonly codePoint: number;
  /** How many there are. */
  readonly count: number;
}

/** Whatever Unicode shows as nothing, reorders text, ends a line unseen or steers a terminal. */
const hidden =
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb\0-\b\v\x0e-\x1f\x7f-\x9f]/u;
/** Written from right to left. */
const rightToLeft = scripts(
  ...["Hebrew", "Arabic", "Syriac", "Thaana", "Nko", "Samaritan", "Mandaic", "Adlam", "Hanifi_Rohingya"],
);
/** Joins letters, or stacks them, so that it has to be said where they are not to be. */
const joined = scripts(
  ...["Arabic", "Syriac", "Mongolian", "Nko", "Mandaic", "Adlam", "Phags_Pa", "Devanagari", "Bengali"],
  ...["Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer"],
  ...["Myanmar", "Tibetan", "Balinese", "Javanese"],
);
/** Has no spaces between words. */
const unspaced = scripts("Thai", "Lao", "Khmer", "Myanmar");

const emoji = String.raw`\p{Extended_Pictographic}(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?`;

/** What needs characters that are not seen, each once and in its place. */
const needed = [
  // flags of parts of countries
  String.raw`\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{4,6}\u{e007f}`,
  // families, professions and other emoji made of several
  String.raw`${emoji}(?:\u200d${emoji})*`,
  // keycaps
  String.raw`[0-9#*]\ufe0f\u20e3`,
  String.raw`(?<=${joined})[\u200c\u200d](?!\u200c|\u200d)`,
  String.raw`(?<=${unspaced})\u200b(?=${unspaced})`,
  // forms of one character
  String.raw`(?<=\p{Script=Han})[\ufe00-\ufe02\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=\p{Script=Mongolian})[\u180b-\u180f]`,
  String.raw`(?<=\p{Sm})\ufe00`,
  // old Hangul, in which a part of a syllable may be missing
  String.raw`\u115f(?=[\u1160-\u11ff])|(?<=[\u1100-\u115f])\u1160`,
].join("|");

/** Finds hidden characters, those next to each other as one. @internal */
export function hiddenCharacters(text: string): readonly HiddenCharacters[] {
  // A byte order mark at the start belongs to the file.
  if (!hidden.test(text.slice(text.startsWith("\ufeff") ? 1 : 0))) return [];
  // Made here: they take milliseconds, and hardly any text needs them.
  const isRightToLeft = new RegExp(rightToLeft, "u");
  const shown = text
    .replace(/^\ufeff/, " ")
    .replace(new RegExp(needed, "gu"), blank)
    // Marks say which way a neighbour reads that has no direction, where both directions occur.
    .replace(/.+/g, (line) =>
      isRightToLeft.test(line) ? line.replace(/[\u061c\u200e\u200f]/g, blank) : line,
    );
  return Array.from(shown.matchAll(new RegExp(`(?:${hidden.source})+`, "gu")), ({ index, 0: run }) => ({
    offset: index,
    codePoint: run.codePointAt(0) as number,
    count: Array.from(run).length,
  }));
}

/** Its number, as Unicode writes it, and its name where it is a common one. @internal */
export function codePointText(codePoint: number): string {
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  const name = names.get(codePoint) ?? rangeName(codePoint);
  return name === undefined ? number : `${number} (${name})`;
}

/** Whether it makes text appear in another order than it is read by programs. @internal */
export function isBidirectional(codePoint: number): boolean {
  return /\p{Bidi_Control}/u.test(String.fromCodePoint(codePoint));
}

/** A character class of the letters and marks of scripts. */
function scripts(...names: readonly string[]): string {
  return `[${names.map((name) => String.raw`\p{scx=${name}}`).join("")}]`;
}

/** Something else of the same length, so that offsets stay. */
function blank(found: string): string {
  return " ".repeat(found.length);
}

const names: ReadonlyMap<number, string> = new Map([
  [0x00ad, "soft hyphen"],
  [0x034f, "combining grapheme joiner"],
  [0x061c, "Arabic letter mark"],
  [0x115f, "Hangul choseong filler"],
  [0x1160, "Hangul jungseong filler"],
  [0x180e, "Mongolian vowel separator"],
  [0x200b, "zero width space"],
  [0x200c, "zero width non-joiner"],
  [0x200d, "zero width joiner"],
  [0x200e, "left-to-right mark"],
  [0x200f, "right-to-left mark"],
  [0x2028, "line separator"],
  [0x2029, "paragraph separator"],
  [0x202a, "left-to-right embedding"],
  [0x202b, "right-to-left embedding"],
  [0x202c, "pop directional formatting"],
  [0x202d, "left-to-right override"],
  [0x202e, "right-to-left override"],
  [0x2060, "word joiner"],
  [0x2066, "left-to-right isolate"],
  [0x2067, "right-to-left isolate"],
  [0x2068, "first strong isolate"],
  [0x2069, "pop directional isolate"],
  [0x3164, "Hangul filler"],
  [0xfeff, "zero width no-break space"],
  [0xffa0, "halfwidth Hangul filler"],
]);

function rangeName(codePoint: number): string | undefined {
  const isBetween = (first: number, last: number): boolean => codePoint >= first && codePoint <= last;
  if (isBetween(0xfe00, 0xfe0f) || isBetween(0xe0100, 0xe01ef)) return "variation selector";
  if (isBetween(0xe0000, 0xe007f)) return "tag";
  if (codePoint < 0xa0) return "control character";
  return undefined;
}
