/**
 * Messages in a gRPC stream: a flag (1 byte, not 0 if compressed), the length (4 bytes, big-endian), the message.
 * Invariant: no more memory is taken for a message than twice what has come of it and a fixed part, whatever its
 * length says.
 */
import { GrpcError } from "./grpc-status.js";

/** Bytes before each message. @internal */
export const messageHeadBytes = 5;

/** Memory taken for a message whose end has not come. */
const firstBytes = 4 * 1024 * 1024;

/** The message as it is sent. @internal */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(messageHeadBytes + message.length);
  writeMessageHead(framed, message.length);
  framed.set(message, messageHeadBytes);
  return framed;
}

/** Writes what stands before a message of the length. @internal */
export function writeMessageHead(target: Buffer, length: number): void {
  target[0] = 0;
  target.writeUInt32BE(length, 1);
}

/** Finds the messages in bytes that come in pieces. @internal */
export class MessageDeframer {
  readonly #maxBytes: number;
  readonly #onMessage: (message: Uint8Array) => void;
  /** The pieces of a head that has not come whole. */
  #head: Buffer | undefined;
  /** The message that has not come whole. */
  #message: Buffer | undefined;
  #length = 0;
  #filled = 0;

  /**
   * @param options.maxBytes - how long a message may be; any length if undefined
   * @param options.onMessage - is told of each; what it gets may share its memory with other messages
   */
  constructor(options: {
    readonly maxBytes: number | undefined;
    readonly onMessage: (message: Uint8Array) => void;
  }) {
    this.#maxBytes = options.maxBytes ?? Infinity;
    this.#onMessage = options.onMessage;
  }

  /** Whether a message has begun and not ended. */
  get isPartial(): boolean {
    return this.#head !== undefined || this.#message !== undefined;
  }

  /**
   * Takes the next piece, which must not be changed afterwards.
   *
   * @throws GrpcError for a message that is too long or compressed; nothing is to be pushed after that
   */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#message !== undefined) {
        at += this.#fill(chunk, at);
        continue;
      }
      if (this.#head !== undefined || chunk.length - at < messageHeadBytes) {
        const taken = chunk.subarray(at, at + messageHeadBytes - (this.#head?.length ?? 0));
        at += taken.length;
        const head: Buffer = this.#head === undefined ? taken : Buffer.concat([this.#head, taken]);
        if (head.length < messageHeadBytes) {
          this.#head = head;
          return;
        }
        this.#head = undefined;
        at += this.#begin(chunk, at, this.#lengthIn(head, 0));
      } else {
        const length = this.#lengthIn(chunk, at);
        at += messageHeadBytes;
        at += this.#begin(chunk, at, length);
      }
    }
  }

  #lengthIn(head: Buffer, at: number): number {
    if (head[at] !== 0) {
      throw new GrpcError("UNIMPLEMENTED", "The peer sent a compressed message, which nobody asked for.");
    }
    const length = head.readUInt32BE(at + 1);
    if (length > this.#maxBytes) {
      throw new GrpcError(
        "RESOURCE_EXHAUSTED",
        `The peer sent a message of ${String(length)} bytes, where ${String(this.#maxBytes)} are allowed.`,
      );
    }
    return length;
  }

  /** Gives how many bytes of the chunk belong to the message. */
  #begin(chunk: Buffer, at: number, length: number): number {
    if (chunk.length - at >= length) {
      this.#onMessage(chunk.subarray(at, at + length));
      return length;
    }
    this.#length = length;
    this.#filled = 0;
    // Never from the pool, which it would keep alive.
    this.#message = Buffer.allocUnsafeSlow(Math.min(length, Math.max(firstBytes, 2 * (chunk.length - at))));
    return this.#fill(chunk, at);
  }

  #fill(chunk: Buffer, at: number): number {
    let message = this.#message as Buffer;
    const taken = Math.min(chunk.length - at, this.#length - this.#filled);
    const needed = this.#filled + taken;
    if (needed > message.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#length, Math.max(needed, 2 * message.length)));
      message.copy(larger, 0, 0, this.#filled);
      this.#message = message = larger;
    }
    chunk.copy(message, this.#filled, at, at + taken);
    this.#filled = needed;
    if (needed === this.#length) {
      this.#message = undefined;
      this.#onMessage(message);
    }
    return taken;
  }
}
