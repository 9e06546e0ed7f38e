/** Kinds of memory by the number that `ViewValue` gives them. */
import { types } from "node:util";

/** A class of views of memory. @internal */
export type ViewClass = new (buffer: ArrayBuffer) => NodeJS.ArrayBufferView;

/** Not known to every Node. */
const { Float16Array } = globalThis as { readonly Float16Array?: ViewClass };

const arrayBuffer = 1;
const dataView = 2;

/** Classes by number; undefined for what is no view. */
const viewClasses: readonly (ViewClass | undefined)[] = [
  undefined,
  undefined,
  DataView,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

/** Tells the name of a typed array's kind, which no subclass changes; undefined for a DataView. */
const kindTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
);

/** The number of a kind of memory; undefined for a Uint8Array, which has a field of its own. @internal */
export function viewKindOf(memory: ArrayBufferView | ArrayBuffer): number | undefined {
  if (!ArrayBuffer.isView(memory)) return arrayBuffer;
  if (types.isUint8Array(memory)) return undefined;
  const name: unknown = kindTag?.get?.call(memory);
  const kind = name === undefined ? dataView : viewClasses.findIndex((one) => one?.name === name);
  if (kind < 0) throw new TypeError("A view of this kind can't be sent.");
  return kind;
}

/** Memory of a kind over bytes that are its own. @throws if there is no such kind, or the bytes do not fit it @internal */
export function viewOfKind(
  kind: number,
  bytes: Uint8Array<ArrayBuffer>,
): ArrayBuffer | NodeJS.ArrayBufferView {
  if (kind === arrayBuffer) return bytes.buffer;
  const viewClass = viewClasses[kind];
  if (viewClass === undefined) throw new TypeError(`there is no kind ${String(kind)} of view`);
  return new viewClass(bytes.buffer);
}
