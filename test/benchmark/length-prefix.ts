/** Texts as bytes in the barest way there is: the length of what follows, a number that says which it is, the text. */

const headBytes = 8;

/** The bytes of a numbered text. */
export function lengthPrefixed(number: number, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + Buffer.byteLength(text));
  bytes.writeUInt32BE(bytes.length - 4, 0);
  bytes.writeUInt32BE(number, 4);
  bytes.write(text, headBytes);
  return bytes;
}

/** Reads numbered texts from bytes that come in pieces. */
export class LengthReader {
  readonly #tell: (number: number, text: string) => void;
  #rest: Buffer | undefined;

  constructor(tell: (number: number, text: string) => void) {
    this.#tell = tell;
  }

  /** Takes the next piece. */
  push(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= headBytes) {
      const end = at + 4 + bytes.readUInt32BE(at);
      if (end > bytes.length) break;
      this.#tell(bytes.readUInt32BE(at + 4), bytes.toString("utf8", at + headBytes, end));
      at = end;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }
}
