/** The frames of HTTP/2 (RFC 9113, section 6): their kinds, flags and codes, and how those that we send are made. */

/** Codes that end a stream or a connection. @internal */
export const http2Code = {
  noError: 0,
  protocolError: 1,
  flowControlError: 3,
  streamClosed: 5,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
} as const;

/** Kinds of frames. @internal */
export const frame = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. @internal */
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** Settings that either side may send. @internal */
export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** Bytes before what a frame holds. @internal */
export const headBytes = 9;
/** What ends a connection: the server breaks the protocol. @internal */
export class ConnectionFault extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a frame begins with. @internal */
export function frameHead(kind: number, flags: number, id: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(headBytes);
  head[0] = length >> 16;
  head[1] = length >> 8;
  head[2] = length;
  head[3] = kind;
  head[4] = flags;
  head[5] = id >>> 24;
  head[6] = id >> 16;
  head[7] = id >> 8;
  head[8] = id;
  return head;
}

/** A frame that holds a number. @internal */
export function numberFrame(kind: number, id: number, value: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(value);
  return Buffer.concat([frameHead(kind, 0, id, 4), payload]);
}

/** A frame that opens a window. @internal */
export function windowFrame(id: number, bytes: number): Buffer {
  return numberFrame(frame.windowUpdate, id, bytes);
}

/** A frame of settings. @internal */
export function settingsFrame(settings: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.allocUnsafe(settings.length * 6);
  settings.forEach(([kind, value], index) => {
    payload.writeUInt16BE(kind, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  });
  return Buffer.concat([frameHead(frame.settings, 0, 0, payload.length), payload]);
}

/** What is left of data or headers without their padding. @throws ConnectionFault @internal */
export function unpadded(flags: number, payload: Buffer): Buffer {
  if ((flags & flag.padded) === 0) return payload;
  const padding = payload[0] ?? 0;
  if (padding >= payload.length)
    throw new ConnectionFault(http2Code.protocolError, "The server pads beyond a frame.");
  return payload.subarray(1, payload.length - padding);
}

/** @throws ConnectionFault if the frame has another length @internal */
export function expectLength(payload: Buffer, length: number): void {
  if (payload.length !== length)
    throw new ConnectionFault(http2Code.frameSizeError, "The server sent a frame of a wrong length.");
}
