/** A guest in a process of its own that writes on the way to the host itself. */
import { serialize } from "node:v8";
import { aGreeter, greet } from "../../support/extensions.js";
import { isListed, notRefused, type Attack } from "./attack.js";
import { doubled } from "./doubled.js";

/** Writes the bytes that it is given on the descriptor that leads to the host. */
const source = (point: string) => `import { writeSync } from "node:fs";
export function activate(context) {
  context.contribute("greeters", "${point}", { greet: async (text) => {
    let bytes = Buffer.from(text, "base64");
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(3, bytes));
      } catch (error) {
        if (error.code !== "EAGAIN") throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    return "alive";
  } });
}
`;

/** What the host does with it: ends the guest, refuses the call, or lets what means nothing pass. */
type End = "EXTENSION_CRASHED" | "CALL_TOO_LARGE" | "CALL_FAILED" | "alive";

const emit = (...args: readonly unknown[]) => ({ type: "emit", session: 1, event: "file", args });
const call = (target: string, ...args: readonly unknown[]) => ({
  type: "call",
  session: 1,
  id: 9,
  target,
  args,
});
const ok = (value: unknown, id = 1) => ({ type: "ok", session: 1, id, value });
const stamp = { mtimeMs: 0, ctimeMs: 0, size: 0 };

const attacks: readonly (readonly [name: string, end: End, bytes: () => Uint8Array])[] = [
  ["a batch of no bytes", "EXTENSION_CRASHED", () => raw(0)],
  ["a batch of four thousand million bytes", "EXTENSION_CRASHED", () => raw(0xffffffff, 1)],
  ["a batch written in an unknown way", "EXTENSION_CRASHED", () => raw(5, 9, 1, 2, 3, 4)],
  ["a batch that is no JSON", "EXTENSION_CRASHED", () => raw(5, 0, ...Buffer.from("[{,}"))],
  ["a batch that is no UTF-8", "EXTENSION_CRASHED", () => raw(6, 0, 0x5b, 0x22, 0xff, 0x22, 0x5d)],
  ["a batch that is no list", "EXTENSION_CRASHED", () => raw(3, 0, ...Buffer.from("{}"))],
  ["a frame of an unknown type", "EXTENSION_CRASHED", () => json({ type: "own", session: 1 })],
  ["a frame that is no object", "EXTENSION_CRASHED", () => json(7)],
  ["a file whose path is no text", "EXTENSION_CRASHED", () => json(emit(42, stamp))],
  ["a file whose path no disk takes", "EXTENSION_CRASHED", () => json(emit("/tmp/\0", stamp))],
  [
    "sixty thousand files",
    "EXTENSION_CRASHED",
    () => json(...new Array<unknown>(60_000).fill(emit("/nowhere", stamp))),
  ],
  ["an answer to nobody", "alive", () => json(ok("forged", 77))],
  [
    "frames of a session of somebody else",
    "alive",
    () => json({ ...call("storage/set", "k", 1), session: 2 }),
  ],
  [
    "a call of what every object inherits",
    "alive",
    () => json(call("constructor"), call("storage/__proto__")),
  ],
  ["an answer of shared parts", "CALL_TOO_LARGE", () => frames(ok(doubled()))],
  [
    "an error of shared parts",
    "CALL_FAILED",
    () => frames({ type: "err", session: 1, id: 1, thrown: { value: doubled() } }),
  ],
  [
    "an error whose details are shared parts",
    "CALL_FAILED",
    () =>
      frames({
        type: "err",
        session: 1,
        id: 1,
        thrown: { error: { name: "Error", message: "m", details: { value: doubled() } } },
      }),
  ],
  ["a stored value of shared parts", "alive", () => frames(call("storage/set", "k", doubled()))],
  [
    "a logged field of shared parts",
    "alive",
    () =>
      frames({ type: "log", session: 1, level: "info", message: "m", time: 0, fields: { value: doubled() } }),
  ],
];

/** Frames and bytes that no honest guest writes. */
export const frameAttacks: readonly Attack[] = attacks.map(([name, end, bytes]) => ({
  name,
  run: async ({ kit, name: own }) => {
    const forger = aGreeter({ id: `acme.${own}`, manifest: { runtime: "process" }, source: source(own) });
    await isListed(kit, forger);
    await kit.host.activate(`acme.${own}`);
    const ended = await greet(kit.host, own, Buffer.from(bytes()).toString("base64")).catch(
      (error: unknown) => (error as { readonly code: string }).code,
    );
    await kit.remove(forger);
    return ended === end ? end : notRefused(ended);
  },
}));

function raw(length: number, ...bytes: readonly number[]): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, Buffer.from(bytes)]);
}

function json(...list: readonly unknown[]): Uint8Array {
  const size = 5_000;
  const batches = Array.from({ length: Math.ceil(list.length / size) }, (_, index) => {
    const body = Buffer.from(JSON.stringify(list.slice(index * size, (index + 1) * size)));
    return Buffer.concat([raw(body.length + 1, 0), body]);
  });
  return Buffer.concat(batches);
}

function frames(...list: readonly object[]): Uint8Array {
  const body = serialize(list);
  return Buffer.concat([raw(body.length + 1, 1), body]);
}
