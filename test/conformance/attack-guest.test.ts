/** Guests of bad will, which write on the way to the host themselves. What they write ends them and nobody else. */
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, rejection } from "../support/extensions.js";

/** Writes what a call gives it as JSON on the descriptor that leads to the host. */
const forger = aGreeter({
  id: "acme.forger",
  manifest: { runtime: "process" },
  source: `import { writeSync } from "node:fs";
export function activate(context) {
  context.contribute("greeters", "forger", { greet: (text) => { forge(text); return new Promise(() => {}); } });
}
function forge(text) {
  const [frame, times] = JSON.parse(text);
  const body = Buffer.from(JSON.stringify(Array.from({ length: times ?? 1 }, () => frame)));
  const head = Buffer.from([0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length + 1);
  let bytes = Buffer.concat([head, body]);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(3, bytes));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}
`,
});
const other = aGreeter({ id: "acme.other" });

const sound = { mtimeMs: 0, ctimeMs: 0, size: 0 };
const file = (...args: readonly unknown[]) => ({ type: "emit", session: 1, event: "file", args });

test.each([
  ["a path that is no text", file(42, sound)],
  ["a path that no file system takes", file("/tmp/\0", sound)],
  ["a path that is relative", file("extension.js", sound)],
  ["a file without a stamp", file("/tmp/x")],
  ["a stamp that is none", file("/tmp/x", { ...sound, size: "1" })],
])("a guest that tells of %s is ended, and the host goes on", async (_, frame) => {
  await using kit = await createTestHost({ extensions: [forger, other], watch: true });
  const error = await rejection(greet(kit.host, "forger", JSON.stringify([frame])));

  expect(error).toMatchObject({
    code: "EXTENSION_CRASHED",
    message: expect.stringContaining("broke the protocol") as unknown,
  });
  expect(await greet(kit.host, "other")).toBe("other 1.0.0: World");
});

test("a guest that tells of files without end is ended", async () => {
  await using kit = await createTestHost({ extensions: [forger, other], watch: true });
  const frames = JSON.stringify([file("/nowhere/x", sound), 5_000]);
  await Promise.all(Array.from({ length: 11 }, () => rejection(greet(kit.host, "forger", frames))));

  expect(kit.host.explain("acme.forger").history).toMatchObject([
    { kind: "crashed", message: expect.stringContaining("more than 50,000 files") as unknown },
  ]);
});

test("a process that ends of an error in a timer is told of with the place", async () => {
  const careless = aGreeter({
    id: "acme.careless",
    manifest: { runtime: "process" },
    source: `export function activate(context) {
  const later = () => {
    throw new TypeError("nobody catches it");
  };
  context.contribute("greeters", "careless", { greet: () => new Promise(() => setTimeout(later)) });
}
`,
  });
  await using kit = await createTestHost({ extensions: [careless] });

  expect(await rejection(greet(kit.host, "careless"))).toMatchObject({
    code: "EXTENSION_CRASHED",
    message: expect.stringMatching(/TypeError: nobody catches it \(.+extension\.js:3:\d+\)\.$/) as unknown,
  });
});
