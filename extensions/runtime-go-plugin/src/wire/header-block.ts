/**
 * Headers as HTTP/2 carries them (HPACK, RFC 7541), without a table that grows: a reader that allows none makes equal
 * headers equal bytes, so those of nearly every answer are read once.
 */
import { decodeHuffman } from "./huffman.js";

/** Headers by name; several of one name are joined by a comma. @internal */
export type HeaderFields = Readonly<Record<string, string | undefined>>;

/** Headers that can't be read, after which no others can. @internal */
export class HeaderFault extends Error {
  override readonly name = "HeaderFault";
}

/** Names and values that have a number, from 1 on. */
const numbered: readonly (readonly [string, string])[] = [
  ["", ""],
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  ...["200", "204", "206", "304", "400", "404", "500"].map((status) => [":status", status] as const),
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ...[
    ...["accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age", "allow"],
    ...["authorization", "cache-control", "content-disposition", "content-encoding", "content-language"],
    ...[
      "content-length",
      "content-location",
      "content-range",
      "content-type",
      "cookie",
      "date",
      "etag",
      "expect",
    ],
    ...["expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range"],
    ...["if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate"],
    ...["proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie"],
    ...["strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate"],
  ].map((name) => [name, ""] as const),
];

/** Writes headers, in their order, in a way that leaves nothing behind at the reader. @internal */
export function writeHeaders(fields: readonly (readonly [string, string])[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, value] of fields) {
    const whole = numbered.findIndex((known) => known[0] === name && known[1] === value);
    if (whole > 0) {
      parts.push(integer(0x80, 7, whole));
      continue;
    }
    const known = numbered.findIndex((one) => one[0] === name);
    parts.push(integer(0x00, 4, Math.max(known, 0)));
    if (known <= 0) parts.push(...plainText(name));
    parts.push(...plainText(value));
  }
  return Buffer.concat(parts);
}

function plainText(text: string): readonly Uint8Array[] {
  const bytes = Buffer.from(text, "latin1");
  return [integer(0x00, 7, bytes.length), bytes];
}

/** A number whose first bits share a byte with a mark. */
function integer(mark: number, bits: number, value: number): Uint8Array {
  const most = (1 << bits) - 1;
  if (value < most) return Uint8Array.of(mark | value);
  const bytes = [mark | most];
  let rest = value - most;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

const nothing = ["", ""] as const;

const mostKept = 32;
const longestKept = 256;

/** Reads the headers of one connection. @internal */
export class HeaderReader {
  readonly #kept = new Map<string, HeaderFields>();

  /** @throws HeaderFault */
  read(block: Buffer): HeaderFields {
    if (block.length > longestKept) return readBlock(block);
    const key = block.toString("latin1");
    let fields = this.#kept.get(key);
    if (fields === undefined) {
      fields = readBlock(block);
      if (this.#kept.size >= mostKept) this.#kept.clear();
      this.#kept.set(key, fields);
    }
    return fields;
  }
}

function readBlock(block: Buffer): HeaderFields {
  const fields = Object.create(null) as Record<string, string>;
  const reader = new BlockReader(block);
  while (!reader.isAtEnd) {
    const [name, value] = reader.field();
    const before = fields[name];
    if (name !== "") fields[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return Object.freeze(fields);
}

class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#block.length;
  }

  /** The next field; one without a name for what tells of the table. */
  field(): readonly [string, string] {
    const mark = this.#peek();
    if ((mark & 0x80) !== 0) return known(this.#integer(7));
    if ((mark & 0xe0) === 0x20) {
      if (this.#integer(5) !== 0)
        throw new HeaderFault("The peer keeps headers, though it was told to keep none.");
      return nothing;
    }
    const number = this.#integer((mark & 0x40) === 0 ? 4 : 6);
    const name = number === 0 ? this.#text() : known(number)[0];
    return [name, this.#text()];
  }

  #peek(): number {
    const byte = this.#block[this.#at];
    if (byte === undefined) throw new HeaderFault("The peer sent headers that end too early.");
    return byte;
  }

  #integer(bits: number): number {
    const most = (1 << bits) - 1;
    let value = this.#peek() & most;
    this.#at++;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#peek();
      this.#at++;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new HeaderFault("The peer sent headers with a number beyond all measure.");
  }

  #text(): string {
    const isCoded = (this.#peek() & 0x80) !== 0;
    const length = this.#integer(7);
    const end = this.#at + length;
    if (end > this.#block.length) throw new HeaderFault("The peer sent headers that end too early.");
    const bytes = this.#block.subarray(this.#at, end);
    this.#at = end;
    const text = isCoded ? decodeHuffman(bytes) : bytes.toString("latin1");
    if (text === undefined) throw new HeaderFault("The peer sent headers that are no sound code.");
    return text;
  }
}

function known(number: number): readonly [string, string] {
  const field = numbered[number];
  if (field === undefined || number === 0)
    throw new HeaderFault(`The peer sent a header by the number ${number}, which none has.`);
  return field;
}
