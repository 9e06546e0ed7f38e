/**
 * The client's end of an HTTP/2 connection (RFC 9113), as much of it as gRPC needs: streams, flow control both ways, and
 * what is sent in one turn as one write. `node:http2` takes three times the processor time for a short call, most of it
 * for objects that a call has no use for.
 * Invariant: a stream is told of its end once; after the end of the connection nothing is told to anybody.
 */
import type { Duplex } from "node:stream";
import { HeaderFault, HeaderReader } from "./header-block.js";
import {
  ConnectionFault,
  expectLength,
  flag,
  frame,
  frameHead,
  headBytes,
  http2Code,
  numberFrame,
  setting,
  settingsFrame,
  unpadded,
  windowFrame,
} from "./http2-frames.js";
import { Http2Stream, streamWindow, type StreamReceiver, type StreamSender } from "./http2-stream.js";

/** Who is told of the connection. @internal */
export interface ConnectionReceiver {
  /** The server has answered in HTTP/2. */
  ready(): void;
  /** The server takes no more streams; those that are open go on. */
  closing(): void;
  /** It is over. Streams are not told. */
  over(error: Error | undefined): void;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const firstWindow = 65_535;
const largestWindow = 2 ** 31 - 1;
const lastStreamId = 2 ** 31 - 1;
/** Of a frame that comes: what every server may send, as none is told otherwise. */
const longestFrame = 16_384;
/** Bytes that may come for all streams before they are counted. */
const connectionWindow = 64 * 1024 * 1024;
/** Of headers: an error's message may be long. */
const headerListBytes = 65_535;
/** Pieces of at most so many bytes in all are copied together for one write. */
const copiedBytes = 64 * 1024;
/** Answers that a server may ask for and not read. */
const mostUnreadAnswers = 10_000;

/** How a connection begins. @internal */
export interface Http2ConnectionOptions {
  /** Number of the first stream, an odd one; 1 unless given. */
  readonly firstStreamId?: number;
}

/** A connection to a server. @internal */
export class Http2Connection {
  readonly #socket: Duplex;
  readonly #receiver: ConnectionReceiver;
  readonly #headers = new HeaderReader();
  readonly #streams = new Map<number, Http2Stream>();
  /** Streams that the server is to hear of when others are over. */
  readonly #queued: Http2Stream[] = [];
  /** Streams that wait for the connection's window. */
  readonly #blocked = new Set<Http2Stream>();
  #nextId: number;
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #isFlushing = false;
  /** The beginning of a frame whose end has not come. */
  #rest: Buffer | undefined;
  /** Headers whose end has not come. */
  #partial:
    { readonly id: number; readonly isEnd: boolean; readonly parts: Buffer[]; bytes: number } | undefined;
  #isReady = false;
  #isClosing = false;
  #isOver = false;
  #error: Error | undefined;
  #sendWindow = firstWindow;
  #streamSendWindow = firstWindow;
  #sendFrameBytes = 16_384;
  #mostStreams = Infinity;
  #receiveWindow = connectionWindow;
  #unreadAnswers = 0;

  constructor(
    socket: Duplex,
    receiver: ConnectionReceiver,
    { firstStreamId = 1 }: Http2ConnectionOptions = {},
  ) {
    this.#socket = socket;
    this.#receiver = receiver;
    this.#nextId = firstStreamId;
    socket.on("data", (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on("error", (error: Error) => {
      this.#error ??= error;
    });
    socket.on("end", () => {
      socket.destroy();
    });
    socket.on("close", () => {
      this.#finish();
    });
    this.#push(preface);
    this.#push(
      settingsFrame([
        [setting.headerTableSize, 0],
        [setting.enablePush, 0],
        [setting.initialWindowSize, streamWindow],
        [setting.maxHeaderListSize, headerListBytes],
      ]),
    );
    this.#push(windowFrame(0, connectionWindow - firstWindow));
  }

  /** Whether no more streams can be opened. */
  get isClosed(): boolean {
    return this.#isOver || this.#isClosing || this.#nextId > lastStreamId;
  }

  /** Bytes that have not left yet, of all streams. */
  get unsentBytes(): number {
    return this.#pieceBytes + this.#socket.writableLength;
  }

  /** Opens a stream with the headers, made by `writeHeaders`. Not to be called when `isClosed`. */
  open(headers: Buffer, receiver: StreamReceiver): Http2Stream {
    const stream = new Http2Stream(this.#sender, headers, receiver);
    if (this.#streams.size < this.#mostStreams) this.#start(stream);
    else this.#queued.push(stream);
    return stream;
  }

  /** Ends it at once. */
  destroy(): void {
    if (this.#isOver) return;
    this.#goAway(http2Code.noError);
    this.#finish();
  }

  /** What streams need of their connection. */
  readonly #sender: StreamSender = {
    pump: (stream) => {
      this.#pump(stream);
    },
    reset: (stream, code) => {
      if (stream.id === 0) {
        const at = this.#queued.indexOf(stream);
        if (at >= 0) this.#queued.splice(at, 1);
        return;
      }
      if (!this.#streams.has(stream.id) || this.#isOver) return;
      this.#push(numberFrame(frame.resetStream, stream.id, code));
      this.#remove(stream);
    },
    taken: (stream, bytes) => {
      if (this.#streams.get(stream.id) === stream && !this.#isOver) this.#push(windowFrame(stream.id, bytes));
    },
    unsentBytes: () => this.unsentBytes,
  };

  #start(stream: Http2Stream): void {
    const id = this.#nextId;
    this.#nextId += 2;
    stream.start(id, this.#streamSendWindow);
    this.#streams.set(id, stream);
    const { headers } = stream;
    for (let at = 0; at === 0 || at < headers.length; at += this.#sendFrameBytes) {
      const end = Math.min(at + this.#sendFrameBytes, headers.length);
      const flags = end === headers.length ? flag.endHeaders : 0;
      this.#push(frameHead(at === 0 ? frame.headers : frame.continuation, flags, id, end - at));
      this.#push(headers.subarray(at, end));
    }
    this.#pump(stream);
  }

  /** Sends as much of a stream as the windows let through. */
  #pump(stream: Http2Stream): void {
    if (stream.id === 0 || this.#isOver || !this.#streams.has(stream.id)) return;
    const { waiting } = stream;
    while (waiting.length > 0) {
      const room = Math.min(stream.sendWindow, this.#sendWindow, this.#sendFrameBytes);
      if (room <= 0) {
        if (this.#sendWindow <= 0) this.#blocked.add(stream);
        return;
      }
      const part = waiting.take(room) as Uint8Array;
      const isLast = waiting.length === 0 && stream.isEnded;
      this.#push(frameHead(frame.data, isLast ? flag.endStream : 0, stream.id, part.length));
      this.#push(part);
      stream.sendWindow -= part.length;
      this.#sendWindow -= part.length;
      if (isLast) stream.hasSentEnd = true;
    }
    if (stream.isEnded && !stream.hasSentEnd) {
      this.#push(frameHead(frame.data, flag.endStream, stream.id, 0));
      stream.hasSentEnd = true;
    }
    if (stream.hasSentEnd && stream.hasRemoteEnd) this.#remove(stream);
  }

  #remove(stream: Http2Stream): void {
    this.#streams.delete(stream.id);
    this.#blocked.delete(stream);
    this.#startQueued();
    this.#endIfIdle();
  }

  #startQueued(): void {
    while (this.#queued.length > 0 && this.#streams.size < this.#mostStreams && this.#nextId <= lastStreamId)
      this.#start(this.#queued.shift() as Http2Stream);
  }

  #endIfIdle(): void {
    if (!this.#isClosing && this.#nextId <= lastStreamId) return;
    if (this.#streams.size > 0 || this.#isOver) return;
    // Whoever removed the last one may have something to tell it.
    setImmediate(() => {
      if (this.#isOver) return;
      this.#goAway(http2Code.noError);
      this.#finish();
    });
  }

  #push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(this.#flush);
  }

  readonly #flush = (): void => {
    this.#isFlushing = false;
    const pieces = this.#pieces;
    const bytes = this.#pieceBytes;
    this.#pieces = [];
    this.#pieceBytes = 0;
    if (this.#socket.destroyed || bytes === 0) return;
    if (bytes <= copiedBytes) {
      this.#socket.write(Buffer.concat(pieces, bytes));
      return;
    }
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
  };

  #read(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    try {
      while (!this.#isOver && bytes.length - at >= headBytes) {
        const length = bytes.readUIntBE(at, 3);
        if (!this.#isReady && bytes[at + 3] !== frame.settings)
          throw new ConnectionFault(http2Code.protocolError, "The server does not speak HTTP/2.");
        if (length > longestFrame)
          throw new ConnectionFault(http2Code.frameSizeError, "The server sent a frame that is too long.");
        if (bytes.length - at - headBytes < length) break;
        const id = bytes.readUInt32BE(at + 5) & 0x7fffffff;
        const begin = at + headBytes;
        at = begin + length;
        this.#take(bytes.readUInt8(begin - 6), bytes.readUInt8(begin - 5), id, bytes.subarray(begin, at));
      }
    } catch (error) {
      if (error instanceof ConnectionFault) this.#fail(error.code, error);
      else if (error instanceof HeaderFault) this.#fail(http2Code.compressionError, error);
      else throw error;
      return;
    }
    if (at < bytes.length) this.#rest = at === 0 ? bytes : bytes.subarray(at);
  }

  #take(kind: number, flags: number, id: number, payload: Buffer): void {
    if (this.#partial !== undefined && (kind !== frame.continuation || id !== this.#partial.id))
      throw new ConnectionFault(http2Code.protocolError, "The server broke off headers.");
    switch (kind) {
      case frame.data:
        this.#takeData(id, flags, payload);
        break;
      case frame.headers:
        this.#takeHeaders(id, flags, payload);
        break;
      case frame.continuation:
        this.#takeContinuation(flags, payload);
        break;
      case frame.resetStream:
        expectLength(payload, 4);
        this.#takeReset(id, payload.readUInt32BE(0));
        break;
      case frame.settings:
        expectConnection(id);
        if ((flags & flag.ack) === 0) this.#takeSettings(payload);
        else expectLength(payload, 0);
        break;
      case frame.pushPromise:
        throw new ConnectionFault(http2Code.protocolError, "The server pushes, though it was told not to.");
      case frame.ping:
        expectConnection(id);
        expectLength(payload, 8);
        if ((flags & flag.ack) === 0) {
          this.#push(Buffer.concat([frameHead(frame.ping, flag.ack, 0, 8), payload]));
          this.#countAnswer();
        }
        break;
      case frame.goAway:
        expectConnection(id);
        this.#takeGoAway(payload);
        break;
      case frame.windowUpdate:
        expectLength(payload, 4);
        this.#takeWindow(id, payload.readUInt32BE(0) & 0x7fffffff);
        break;
      default:
      // Priorities, and what nobody knows, are passed over.
    }
  }

  #takeData(id: number, flags: number, payload: Buffer): void {
    this.#expectOpened(id);
    const { length } = payload;
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0)
      throw new ConnectionFault(http2Code.flowControlError, "The server sends more than it may.");
    if (this.#receiveWindow < connectionWindow / 2) {
      this.#push(windowFrame(0, connectionWindow - this.#receiveWindow));
      this.#receiveWindow = connectionWindow;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    const isEnd = (flags & flag.endStream) !== 0;
    if (!stream.takeData(unpadded(flags, payload), length, isEnd))
      this.#resetFor(stream, http2Code.flowControlError);
    else if (isEnd) this.#ended(stream);
  }

  #takeHeaders(id: number, flags: number, payload: Buffer): void {
    this.#expectOpened(id);
    const content = unpadded(flags, payload);
    const block = (flags & flag.priority) === 0 ? content : content.subarray(5);
    const isEnd = (flags & flag.endStream) !== 0;
    if ((flags & flag.endHeaders) === 0) this.#partial = { id, isEnd, parts: [block], bytes: block.length };
    else this.#takeFields(id, isEnd, block);
  }

  #takeContinuation(flags: number, payload: Buffer): void {
    const partial = this.#partial;
    if (partial === undefined)
      throw new ConnectionFault(
        http2Code.protocolError,
        "The server goes on with headers that it never began.",
      );
    partial.parts.push(payload);
    // An empty piece costs memory as well.
    partial.bytes += payload.length + headBytes;
    if (partial.bytes > 4 * headerListBytes)
      throw new ConnectionFault(http2Code.enhanceYourCalm, "The server sends headers without end.");
    if ((flags & flag.endHeaders) === 0) return;
    this.#partial = undefined;
    this.#takeFields(partial.id, partial.isEnd, Buffer.concat(partial.parts));
  }

  #takeFields(id: number, isEnd: boolean, block: Buffer): void {
    const fields = this.#headers.read(block);
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    if (stream.takeFields(fields, isEnd)) {
      if (isEnd) this.#ended(stream);
    } else this.#resetFor(stream, http2Code.protocolError);
  }

  /** Both sides have said all, or the server has and ours may go on. */
  #ended(stream: Http2Stream): void {
    if (stream.hasSentEnd && this.#streams.has(stream.id)) this.#remove(stream);
    stream.tellEnd();
  }

  #resetFor(stream: Http2Stream, code: number): void {
    this.#sender.reset(stream, code);
    stream.over(code);
  }

  #takeReset(id: number, code: number): void {
    this.#expectOpened(id);
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#remove(stream);
    stream.over(code);
  }

  #takeSettings(payload: Buffer): void {
    if (payload.length % 6 !== 0)
      throw new ConnectionFault(http2Code.frameSizeError, "The server sent settings that can't be read.");
    for (let at = 0; at < payload.length; at += 6) {
      this.#takeSetting(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
    }
    this.#push(frameHead(frame.settings, flag.ack, 0, 0));
    this.#countAnswer();
    this.#startQueued();
    if (this.#isReady) return;
    this.#isReady = true;
    this.#receiver.ready();
  }

  #takeSetting(kind: number, value: number): void {
    if (kind === setting.maxConcurrentStreams) this.#mostStreams = value;
    else if (kind === setting.maxFrameSize) {
      if (value < 16_384 || value >= 2 ** 24)
        throw new ConnectionFault(http2Code.protocolError, "The server asks for frames that can't be.");
      // Longer ones would keep others waiting.
      this.#sendFrameBytes = Math.min(value, copiedBytes);
    } else if (kind === setting.initialWindowSize) {
      if (value > largestWindow)
        throw new ConnectionFault(http2Code.flowControlError, "The server asks for a window that can't be.");
      const change = value - this.#streamSendWindow;
      this.#streamSendWindow = value;
      for (const stream of [...this.#streams.values()]) {
        stream.sendWindow += change;
        if (stream.sendWindow > largestWindow)
          throw new ConnectionFault(http2Code.flowControlError, "The server opens a window that can't be.");
        this.#pump(stream);
      }
    }
  }

  #takeWindow(id: number, bytes: number): void {
    if (id !== 0) {
      this.#expectOpened(id);
      const stream = this.#streams.get(id);
      if (stream === undefined) return;
      stream.sendWindow += bytes;
      if (bytes === 0) this.#resetFor(stream, http2Code.protocolError);
      else if (stream.sendWindow > largestWindow) this.#resetFor(stream, http2Code.flowControlError);
      else this.#pump(stream);
      return;
    }
    this.#sendWindow += bytes;
    if (bytes === 0)
      throw new ConnectionFault(http2Code.protocolError, "The server opens a window by nothing.");
    if (this.#sendWindow > largestWindow)
      throw new ConnectionFault(http2Code.flowControlError, "The server opens a window that can't be.");
    const blocked = [...this.#blocked];
    this.#blocked.clear();
    for (const stream of blocked) this.#pump(stream);
  }

  #takeGoAway(payload: Buffer): void {
    if (payload.length < 8)
      throw new ConnectionFault(http2Code.frameSizeError, "The server's farewell can't be read.");
    const last = payload.readUInt32BE(0) & 0x7fffffff;
    const code = payload.readUInt32BE(4);
    if (code !== http2Code.noError) {
      const words = payload.subarray(8, 8 + 200).toString();
      const said = words === "" ? "" : ` ${JSON.stringify(words)}`;
      this.#error ??= new Error(`the server ended it with the HTTP/2 code ${code}${said}`);
      this.#finish();
      return;
    }
    this.#isClosing = true;
    for (const stream of [...this.#queued.splice(0), ...this.#streams.values()]) {
      if (stream.id !== 0 && stream.id <= last) continue;
      this.#streams.delete(stream.id);
      this.#blocked.delete(stream);
      stream.over(http2Code.refusedStream);
    }
    this.#receiver.closing();
    this.#endIfIdle();
  }

  /** A stream that nobody has opened can't be spoken of. */
  #expectOpened(id: number): void {
    if (id % 2 === 0 || id >= this.#nextId)
      throw new ConnectionFault(
        http2Code.protocolError,
        "The server speaks of a stream that was never opened.",
      );
  }

  /** A server that asks and never reads would fill the memory with answers. */
  #countAnswer(): void {
    this.#unreadAnswers = this.#socket.writableLength === 0 ? 0 : this.#unreadAnswers + 1;
    if (this.#unreadAnswers > mostUnreadAnswers)
      throw new ConnectionFault(
        http2Code.enhanceYourCalm,
        "The server asks without end and reads no answer.",
      );
  }

  #fail(code: number, error: Error): void {
    this.#error ??= error;
    this.#goAway(code);
    this.#finish();
  }

  #goAway(code: number): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(code, 4);
    this.#push(Buffer.concat([frameHead(frame.goAway, 0, 0, 8), payload]));
    this.#flush();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#streams.clear();
    this.#queued.length = 0;
    this.#blocked.clear();
    const socket = this.#socket;
    if (!socket.destroyed) {
      socket.end();
      // What was written leaves with this turn, if the server reads at all.
      setImmediate(() => socket.destroy());
    }
    this.#receiver.over(this.#error);
  }
}

/** What concerns all streams is said of none. */
function expectConnection(id: number): void {
  if (id !== 0)
    throw new ConnectionFault(
      http2Code.protocolError,
      "The server says of one stream what concerns all of them.",
    );
}
