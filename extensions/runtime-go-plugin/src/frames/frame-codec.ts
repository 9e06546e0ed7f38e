/**
 * Frames as messages of `Guest.Connect`: what is sent in one go is one message. Neither knows what frames mean nor
 * whether they are sound; whoever receives them checks that.
 * Invariant: what arrives is what structured clone would have made of it.
 */
import { ExtensionError, type Frame } from "@plugboard/extension-api";
import protobuf from "protobufjs/minimal.js";
import { messageHeadBytes, writeMessageHead } from "../wire/message-framing.js";
import { frameLayouts, type FrameLayout } from "./frame-layouts.js";
import type { LayoutReader, LayoutWriter } from "./message-layout.js";
import { assertAt, endOfMessage, ValueReader } from "./value-reader.js";
import { ValueWriter } from "./value-writer.js";
import { tagOf } from "./wire-kinds.js";

/** A batch beyond this is divided, so that no number of small frames reaches the limit of one. */
const divideBytes = 1024 * 1024;

/** The most frames of a batch. */
const mostFrames = 65_536;

const frameTag = tagOf(1, "bytes");

const layoutsByType: ReadonlyMap<string, FrameLayout> = new Map(frameLayouts.map((one) => [one.type, one]));
const layoutsByTag: ReadonlyMap<number, FrameLayout> = new Map(
  frameLayouts.map((one) => [tagOf(one.number, "bytes"), one]),
);

/**
 * Writes frames as one message with its head, or one message a frame if they are large together.
 *
 * @throws whatever keeps a value from being sent
 * @internal
 */
export function encodeFrames(frames: readonly Frame[]): readonly Uint8Array[] {
  const writer = protobuf.Writer.create();
  const to: LayoutWriter = { writer, values: new ValueWriter(writer) };
  if (frames.length > mostFrames) return encodeEach(frames);
  for (const frame of frames) {
    const { number, layout } = layoutsByType.get(frame.type) as FrameLayout;
    writer.uint32(frameTag).fork().uint32(tagOf(number, "bytes"));
    layout.write(to, frame);
    writer.ldelim();
    if (writer.pos > divideBytes && frames.length > 1) return encodeEach(frames);
  }
  const message = Buffer.allocUnsafe(messageHeadBytes + writer.pos);
  writeMessageHead(message, writer.pos);
  return [writer.finishInto(message, messageHeadBytes)];
}

function encodeEach(frames: readonly Frame[]): readonly Uint8Array[] {
  return frames.flatMap((frame) => encodeFrames([frame]));
}

/**
 * Reads the frames of a message, without its head. They keep nothing of its memory.
 *
 * @throws ExtensionError `RUNTIME_PROTOCOL` for what is no batch of frames
 * @internal
 */
export function decodeFrames(message: Uint8Array): readonly Frame[] {
  const reader = protobuf.Reader.create(message);
  const from: LayoutReader = { reader, values: new ValueReader(reader), depth: 0 };
  const frames: Frame[] = [];
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag !== frameTag) reader.skipType(tag & 7);
      else if (frames.push(readFrame(from)) > mostFrames)
        throw new RangeError("too many frames in one message");
    }
  } catch (cause) {
    const text = `The guest sent a message that can't be read: ${(cause as Error).message.replace(/\.$/, "")}.`;
    throw new ExtensionError("RUNTIME_PROTOCOL", text, { cause });
  }
  return frames;
}

function readFrame(from: LayoutReader): Frame {
  const { reader } = from;
  const end = endOfMessage(reader);
  let frame: Frame | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const found = layoutsByTag.get(tag);
    if (found === undefined) reader.skipType(tag & 7);
    else frame = found.layout.read(from, { type: found.type }) as unknown as Frame;
  }
  assertAt(reader, end);
  if (frame === undefined) throw new TypeError("a frame of no kind that is known");
  return frame;
}
