/**
 * Structured clone as bytes. Carries what `structuredClone` does, but for the platform's own objects.
 * Invariant: a view takes along what it shows, and nothing of the buffer around it: a small Buffer is a part of a
 * larger one, in which other code keeps its own.
 */
import type { Deserializer, Serializer } from "node:v8";

/**
 * Writes the value, after a number of bytes that are left to the caller.
 *
 * @throws whatever keeps the value from being cloned
 * @internal
 */
export function writeClone(value: unknown, headBytes: number): Buffer {
  const serializer = createSerializer();
  serializer.writeRawBytes(new Uint8Array(headBytes));
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** Reads what was written. @throws for anything else @internal */
export function readClone(bytes: Uint8Array): unknown {
  const deserializer = createDeserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

/** A copy of the value, in which every view has a buffer of its own. @internal */
export function cloneWithOwnBytes(value: unknown): unknown {
  return readClone(writeClone(value, 0));
}

/** Loaded when it is first needed: a thread starts sooner without it, and may never need it. */
function engine(): typeof import("node:v8") {
  return process.getBuiltinModule("node:v8");
}

/** Node documents both; its types lack them. */
interface ViewWriter extends Serializer {
  _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void;
  _writeHostObject(view: object): void;
}

function createSerializer(): Serializer {
  const serializer = new (engine().Serializer)() as ViewWriter;
  serializer._setTreatArrayBufferViewsAsHostObjects(true);
  serializer._writeHostObject = (view) => {
    writeView(serializer, view);
  };
  return serializer;
}

function createDeserializer(bytes: Uint8Array): Deserializer {
  const deserializer = new (engine().Deserializer)(bytes) as Deserializer & { _readHostObject(): View };
  deserializer._readHostObject = () => readView(deserializer);
  return deserializer;
}

function writeView(serializer: Serializer, view: object): void {
  const kind = ArrayBuffer.isView(view)
    ? viewKinds.findIndex(({ name }) => name === (kindTag?.get?.call(view) ?? "DataView"))
    : -1;
  if (kind < 0) throw new TypeError("An object of this kind can't be sent as bytes.");
  const { buffer, byteOffset, byteLength } = view as View;
  serializer.writeUint32(kind);
  serializer.writeUint32(byteLength);
  serializer.writeRawBytes(new Uint8Array(buffer, byteOffset, byteLength));
}

function readView(deserializer: Deserializer): View {
  const kind = viewKinds[deserializer.readUint32()];
  if (kind === undefined) throw new TypeError("There is no such kind of view.");
  // A copy: its receiver may keep it, or transfer its buffer, without the batch around it.
  const buffer = new Uint8Array(deserializer.readRawBytes(deserializer.readUint32())).buffer;
  return new kind(buffer);
}

type View = NodeJS.ArrayBufferView;
type ViewKind = new (buffer: ArrayBuffer) => View;

/** Not known to every Node. */
const { Float16Array } = globalThis as { readonly Float16Array?: ViewKind };

/** Kinds of views, by the number that is written. New ones go to the end. */
const viewKinds: readonly ViewKind[] = [
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  ...(Float16Array === undefined ? [] : [Float16Array]),
];

/** Tells the name of a typed array's kind, which no subclass changes; undefined for a DataView. */
const kindTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
);
