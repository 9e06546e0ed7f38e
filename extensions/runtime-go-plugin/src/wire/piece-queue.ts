/** A queue whose every step takes the same time, however long it is: that of an array moves all that stays. */

/** Gone pieces that are kept room for, before those that stay are moved. */
const mostGone = 1_024;

/** Pieces in their order. @internal */
export class PieceQueue {
  #pieces: (Uint8Array | undefined)[] = [];
  #first = 0;
  #bytes = 0;

  get length(): number {
    return this.#pieces.length - this.#first;
  }

  /** Bytes of all pieces. */
  get bytes(): number {
    return this.#bytes;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Takes the first piece, or as much of it as is asked for. */
  take(mostBytes = Infinity): Uint8Array | undefined {
    const piece = this.#pieces[this.#first];
    if (piece === undefined) return undefined;
    if (piece.length > mostBytes) {
      this.#pieces[this.#first] = piece.subarray(mostBytes);
      this.#bytes -= mostBytes;
      return piece.subarray(0, mostBytes);
    }
    this.#bytes -= piece.length;
    this.#pieces[this.#first++] = undefined;
    if (this.#first === this.#pieces.length || this.#first >= mostGone) this.#move();
    return piece;
  }

  clear(): void {
    this.#pieces = [];
    this.#first = this.#bytes = 0;
  }

  #move(): void {
    if (2 * this.#first < this.#pieces.length) return;
    this.#pieces = this.#pieces.slice(this.#first);
    this.#first = 0;
  }
}
