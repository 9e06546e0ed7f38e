/**
 * Copies what shows a part of a buffer, so that it leaves without the rest of it. A small Buffer is a part of a
 * larger one, in which other code keeps its own.
 */
import { types } from "node:util";
import { cloneWithOwnBytes } from "./clone-bytes.js";

/** The value, or a copy of it in which every view has a buffer of its own. @internal */
export function withOwnBytes(value: unknown): unknown {
  if (typeof value !== "object" || value === null || types.isAnyArrayBuffer(value)) return value;
  if (types.isUint8Array(value))
    return value.byteLength === value.buffer.byteLength ? value : new Uint8Array(value);
  return cloneWithOwnBytes(value);
}
