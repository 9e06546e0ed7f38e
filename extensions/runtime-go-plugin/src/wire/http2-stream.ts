/**
 * One stream of the client's end of an HTTP/2 connection: what waits to be sent, what came and waits for its reader, and
 * the window of either. What goes over the wire is the connection's matter.
 * Invariant: its receiver is told of its end once, and of nothing after `reset`.
 */
import type { HeaderFields } from "./header-block.js";
import { HeldData } from "./held-data.js";
import { http2Code } from "./http2-frames.js";
import { PieceQueue } from "./piece-queue.js";

/** Who is told what comes on a stream. @internal */
export interface StreamReceiver {
  headers(fields: HeaderFields): void;
  /** The piece may share its memory with others. */
  data(piece: Buffer): void;
  trailers(fields: HeaderFields): void;
  /** The server has said all, and all of it has been told. */
  ended(): void;
  /** The stream is over, by the server's will if the code is not 0. Not told after `reset`. */
  closed(code: number): void;
}

/** Bytes that may come for one stream before it is read: a large message comes in one go. @internal */
export const streamWindow = 16 * 1024 * 1024;

/** What a stream needs of its connection. @internal */
export interface StreamSender {
  pump(stream: Http2Stream): void;
  reset(stream: Http2Stream, code: number): void;
  /** So many bytes have been read. */
  taken(stream: Http2Stream, bytes: number): void;
  unsentBytes(): number;
}

/** One stream. What is not documented is for its connection. @internal */
export class Http2Stream {
  readonly headers: Buffer;
  /** What waits for its turn on the wire. */
  readonly waiting = new PieceQueue();
  id = 0;
  sendWindow = 0;
  /** Whether nothing more will be sent. */
  isEnded = false;
  hasSentEnd = false;
  hasRemoteEnd = false;
  readonly #sender: StreamSender;
  readonly #receiver: StreamReceiver;
  #receiveWindow = streamWindow;
  #hasHeaders = false;
  #isOver = false;
  #isPaused = false;
  readonly #held = new HeldData();
  #isEndHeld = false;

  constructor(sender: StreamSender, headers: Buffer, receiver: StreamReceiver) {
    this.#sender = sender;
    this.headers = headers;
    this.#receiver = receiver;
  }

  /** Bytes that were sent and have not left yet. */
  get unsentBytes(): number {
    return this.waiting.bytes + this.#sender.unsentBytes();
  }

  /** Sends a piece, which must not be changed afterwards. */
  write(piece: Uint8Array): void {
    if (this.isEnded || this.#isOver || piece.length === 0) return;
    this.waiting.push(piece);
    if (this.waiting.length === 1) this.#sender.pump(this);
  }

  /** Says that nothing more is sent after the piece. */
  end(piece?: Uint8Array): void {
    if (this.isEnded || this.#isOver) return;
    this.isEnded = true;
    if (piece !== undefined && piece.length > 0) this.waiting.push(piece);
    this.#sender.pump(this);
  }

  /** Ends it, unless both sides have; nothing is told of it any more. */
  reset(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held.clear();
    if (!this.hasSentEnd || !this.hasRemoteEnd) this.#sender.reset(this, code);
  }

  /** Tells of no further data until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on. */
  resume(): void {
    this.#isPaused = false;
    // Whoever is told may pause again, or end the stream.
    while (this.#mayTell()) {
      const piece = this.#held.shift();
      if (piece === undefined) break;
      this.#tell(piece);
    }
    if (this.#isEndHeld && this.#mayTell()) this.tellEnd();
  }

  #mayTell(): boolean {
    return !this.#isPaused && !this.#isOver;
  }

  start(id: number, window: number): void {
    this.id = id;
    this.sendWindow = window;
  }

  /** False if the server sends more than it may. */
  takeData(piece: Buffer, bytes: number, isEnd: boolean): boolean {
    if (!this.#hasHeaders || this.hasRemoteEnd) return false;
    this.#receiveWindow -= bytes;
    if (this.#receiveWindow < 0) return false;
    this.hasRemoteEnd = isEnd;
    if (this.#isPaused) this.#held.push(piece, bytes);
    else this.#tell(piece);
    return true;
  }

  /** False if they may not come here. */
  takeFields(fields: HeaderFields, isEnd: boolean): boolean {
    if (this.hasRemoteEnd) return false;
    if (this.#hasHeaders) {
      if (!isEnd) return false;
      this.hasRemoteEnd = true;
      if (!this.#isOver) this.#receiver.trailers(fields);
      return true;
    }
    // Those of a kind that is followed by others say nothing.
    if (fields[":status"]?.startsWith("1") === true) return !isEnd;
    this.#hasHeaders = true;
    this.hasRemoteEnd = isEnd;
    if (!this.#isOver) this.#receiver.headers(fields);
    return true;
  }

  tellEnd(): void {
    if (this.#isOver) return;
    this.#isEndHeld = !this.#held.isEmpty;
    if (this.#isEndHeld) return;
    this.#receiver.ended();
    if (this.hasSentEnd) this.over(http2Code.noError);
  }

  over(code: number): void {
    // What came before the server's last word is still to be told.
    if (this.#isOver || (this.hasRemoteEnd && !this.#held.isEmpty)) return;
    this.#isOver = true;
    this.#receiver.closed(code);
  }

  #tell(piece: Buffer): void {
    if (this.#isOver) return;
    if (piece.length > 0) this.#receiver.data(piece);
    if (this.hasRemoteEnd || this.#receiveWindow >= streamWindow / 2) return;
    const taken = streamWindow - this.#receiveWindow - this.#held.wireBytes;
    if (taken <= 0) return;
    this.#receiveWindow += taken;
    this.#sender.taken(this, taken);
  }
}
