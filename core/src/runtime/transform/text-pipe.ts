/** Messages of JSON on a pipe, each after its length in four bytes. Their content is whatever the other end says. */

/** Bytes before a message. @internal */
export const headLength = 4;

/** Makes the bytes of a message. @internal */
export function encodeMessage(message: unknown): Buffer {
  return withLength(Buffer.from(JSON.stringify(message), "utf8"));
}

/** The bytes of a message that is JSON already. @internal */
export function withLength(body: Buffer): Buffer {
  const head = Buffer.allocUnsafe(headLength);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** Cuts what arrives into messages. @internal */
export class TextSplitter {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;

  /** @param limitBytes - of one message */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The bytes of the messages that are complete now. @throws RangeError for one beyond the limit. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const complete: Buffer[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) complete.push(next);
    return complete;
  }

  #next(): Buffer | undefined {
    if (this.#length < headLength) return undefined;
    const first = this.#chunks[0];
    const head = first !== undefined && first.length >= headLength ? first : this.#join();
    const end = headLength + head.readUInt32BE();
    if (end - headLength > this.#limitBytes) {
      throw new RangeError(
        `A message of ${end - headLength} bytes is beyond the limit of ${this.#limitBytes}`,
      );
    }
    if (this.#length < end) return undefined;
    const all = this.#join();
    this.#chunks = [all.subarray(end)];
    this.#length -= end;
    return all.subarray(headLength, end);
  }

  #join(): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
