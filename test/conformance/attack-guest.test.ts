/** Guests of bad will, which write on the way to the host themselves. What they write ends them and nobody else. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestHost } from "@plugboard/core/testing";
import { expect, onTestFinished, test } from "vitest";
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

test("a guest that tells of a file that it may not read is told of, and nothing looks at the file", async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plugboard-elsewhere-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const foreign = [join(folder, "secret"), join(folder, "missing", "later"), folder];
  await writeFile(join(folder, "secret"), "one");
  await using kit = await createTestHost({ extensions: [forger, other], watch: true });
  const id = "acme.forger";
  for (const path of foreign)
    void greet(kit.host, "forger", JSON.stringify([file(path, sound)])).catch(() => 0);
  const problems = () => kit.host.extensions.get(id)?.problems ?? [];
  await expect.poll(() => problems().map(({ code }) => code)).toContain("RUNTIME_FOREIGN_FILE");

  // Whatever it named would be found changed by now, and the extension loaded anew.
  await writeFile(join(folder, "secret"), "two");
  await mkdir(join(folder, "missing"));
  await writeFile(join(folder, "missing", "later"), "");
  await kit.host.rescan();
  expect(await greet(kit.host, "other")).toBe("other 1.0.0: World");
  expect(kit.host.extensions.get(id)).toMatchObject({ generation: 1, state: "active" });
  const told = problems().filter(({ code }) => code === "RUNTIME_FOREIGN_FILE");
  expect(told).toMatchObject([{ extensionId: id, message: expect.stringContaining(folder) as unknown }]);
});

test("a guest that looks for a package in vain is not told of", async () => {
  const hopeful = aGreeter({
    id: "acme.hopeful",
    manifest: { runtime: "process" },
    source: `export async function activate(context) {
  const found = await Promise.allSettled(["left-pad", "./missing.js", "./" + "y".repeat(300) + ".js", "./" + "z/".repeat(3_000) + ".js"].map((name) => import(name)));
  context.contribute("greeters", "hopeful", { greet: () => found.map(({ status }) => status).join(" ") });
}
`,
  });
  await using kit = await createTestHost({ extensions: [hopeful], watch: true });
  expect(await greet(kit.host, "hopeful")).toBe("rejected rejected rejected rejected");
  expect(kit.host.extensions.get("acme.hopeful")).toMatchObject({ state: "active", generation: 1 });
  const codes = kit.host.extensions.get("acme.hopeful")?.problems.map(({ code }) => code) ?? [];
  expect(codes.filter((code) => code !== "RUNTIME_UNCONFINED")).toEqual([]);
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
