/**
 * Data that came and waits for its reader. Many small pieces cost far more memory than the bytes that a window counts,
 * so that those are put together from time to time.
 * Invariant: gives the bytes in order, and counts for what it holds no less than that came as.
 */
import { PieceQueue } from "./piece-queue.js";

/** So many pieces are put together if they are no larger than this on the average. */
const loosePieces = 1_024;
const smallBytes = 4_096;

/** Holds data. @internal */
export class HeldData {
  readonly #solid = new PieceQueue();
  #loose: Buffer[] = [];
  #looseBytes = 0;
  #padding = 0;

  /** What it holds counts for so many bytes of the window. */
  get wireBytes(): number {
    return this.#solid.bytes + this.#looseBytes + this.#padding;
  }

  get isEmpty(): boolean {
    return this.#solid.length === 0 && this.#loose.length === 0;
  }

  /** How many pieces it consists of. */
  get pieces(): number {
    return this.#solid.length + this.#loose.length;
  }

  /** @param wireBytes - what the piece came as, with its padding */
  push(piece: Buffer, wireBytes: number): void {
    this.#padding += wireBytes - piece.length;
    if (piece.length === 0) return;
    this.#loose.push(piece);
    this.#looseBytes += piece.length;
    if (this.#loose.length >= loosePieces) this.#settle();
  }

  /** The next piece; undefined if there is none. */
  shift(): Buffer | undefined {
    if (this.#solid.length === 0) this.#settle();
    const piece = this.#solid.take() as Buffer | undefined;
    if (this.isEmpty) this.#padding = 0;
    return piece;
  }

  clear(): void {
    this.#solid.clear();
    this.#loose = [];
    this.#looseBytes = this.#padding = 0;
  }

  #settle(): void {
    // A copy: a small piece keeps all that came with it alive.
    const isSmall = this.#loose.length >= loosePieces && this.#looseBytes <= loosePieces * smallBytes;
    const pieces = isSmall ? [Buffer.concat(this.#loose)] : this.#loose;
    for (const piece of pieces) this.#solid.push(piece);
    this.#loose = [];
    this.#looseBytes = 0;
  }
}
