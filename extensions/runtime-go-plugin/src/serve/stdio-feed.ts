/**
 * What the plugin's code prints, on its way to the host. Invariant: what is printed before the host asks for it is kept,
 * up to a bound, and nothing printed can make the plugin wait.
 */

/** The stream that something was printed on. @public */
export type PrintedStream = "stdout" | "stderr";

/** A piece of what was printed. @internal */
export interface PrintedPiece {
  readonly stream: PrintedStream;
  readonly data: Uint8Array;
}

/** What is kept for a host that is behind; older pieces go first. */
const maxKeptBytes = 2 ** 20;

/** What go-plugin's own plugins put into a message at most. */
const maxPieceBytes = 1024;

/** A queue with one reader at a time. @internal */
export class StdioFeed {
  readonly #pieces: PrintedPiece[] = [];
  readonly #onLost: (bytes: number) => void;
  #bytes = 0;
  #wake: (() => void) | undefined;
  #readers = 0;
  #isEnded = false;

  /** @param onLost - told how many bytes nobody will see */
  constructor(onLost: (bytes: number) => void) {
    this.#onLost = onLost;
  }

  /** Whether a host reads. */
  get isRead(): boolean {
    return this.#readers > 0;
  }

  print(stream: PrintedStream, data: Uint8Array): void {
    for (let at = 0; at < data.length; at += maxPieceBytes) {
      // Whoever printed it may go on to use its memory.
      this.#pieces.push({ stream, data: Uint8Array.from(data.subarray(at, at + maxPieceBytes)) });
    }
    this.#bytes += data.length;
    let lost = 0;
    while (this.#bytes > maxKeptBytes) lost += this.#shift()?.data.length ?? 0;
    if (lost > 0) this.#onLost(lost);
    this.#wake?.();
  }

  /** Takes what is kept, for another way to the host. */
  take(): readonly PrintedPiece[] {
    this.#bytes = 0;
    return this.#pieces.splice(0);
  }

  /** Nothing more is printed: readers end when they have read what is kept. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Yields what was and will be printed, until the signal is aborted. */
  async *read(signal: AbortSignal): AsyncGenerator<PrintedPiece, void, void> {
    const wake = () => this.#wake?.();
    signal.addEventListener("abort", wake);
    this.#readers++;
    try {
      while (!signal.aborted) {
        const piece = this.#shift();
        if (piece !== undefined) yield piece;
        else if (this.#isEnded) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#readers--;
      signal.removeEventListener("abort", wake);
    }
  }

  #shift(): PrintedPiece | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.#bytes -= piece.data.length;
    return piece;
  }
}
