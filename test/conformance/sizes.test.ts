/** Arguments and results hold up to 16 MB; what is larger is refused, what is smaller arrives. */
import { createHash } from "node:crypto";
import { isExtensionError } from "@plugboard/core";
import { expect } from "vitest";
import { rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject } from "./conformance-host.js";

const megabyte = 1024 * 1024;
const largeText = "0123456789abcdef".repeat((12 * megabyte) / 16);
const largeBytes = Uint8Array.from({ length: 12 * megabyte }, (_, index) => (index * 31) % 251);
const digest = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

const scale = aSubject({
  id: "acme.scale",
  head: `import { createHash } from "node:crypto"; let calls = 0;`,
  run: `(input) => {
    calls++;
    if (input === "calls") return calls - 1;
    if (input?.make === "text") return "x".repeat(input.size);
    if (input?.make === "bytes") return new Uint8Array(input.size);
    if (input?.make === "list") return Array.from({ length: input.size / 8 }, (_, index) => index);
    return createHash("sha256").update(input).digest("hex");
  }`,
});

inEachRuntime("12 MB of text arrive and come back", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [scale, aSubject({ id: "acme.echo" })] });

  expect(await kit.run("scale", largeText)).toBe(digest(largeText));
  expect(digest((await kit.run("echo", largeText)) as string)).toBe(digest(largeText));
});

inEachRuntime("12 MB of bytes arrive and come back, and the caller keeps its own", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [scale, aSubject({ id: "acme.echo" })] });

  expect(await kit.run("scale", largeBytes)).toBe(digest(largeBytes));
  expect(digest((await kit.run("echo", largeBytes)) as Uint8Array)).toBe(digest(largeBytes));
  expect(largeBytes).toHaveLength(12 * megabyte);
});

inEachRuntime("an argument of 17 MB is CALL_TOO_LARGE and never reaches the author", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [scale] });
  await kit.host.activate("acme.scale");

  for (const value of [
    "x".repeat(17 * megabyte),
    new Uint8Array(17 * megabyte),
    { list: Array.from({ length: 17 }, () => "x".repeat(megabyte)) },
  ]) {
    expect(isExtensionError(await rejection(kit.run("scale", value)), "CALL_TOO_LARGE")).toBe(true);
  }
  expect(await kit.run("scale", "calls")).toBe(0);
});

inEachRuntime("a result of 17 MB is CALL_TOO_LARGE, and the extension goes on", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [scale] });

  for (const make of ["text", "bytes", "list"]) {
    const error = await rejection(kit.run("scale", { make, size: 17 * megabyte }));
    expect([make, isExtensionError(error, "CALL_TOO_LARGE")]).toEqual([make, true]);
  }
  expect(await kit.run("scale", { make: "text", size: 3 })).toBe("xxx");
});

inEachRuntime("the limit is the host's to set, for arguments and results", async (runtime) => {
  await using kit = await runtime.createHost({ limits: { callBytes: 10_000 }, extensions: [scale] });
  await kit.host.activate("acme.scale");

  const tooLarge = [kit.run("scale", "x".repeat(20_000)), kit.run("scale", { make: "text", size: 20_000 })];
  for (const call of tooLarge) {
    expect(isExtensionError(await rejection(call), "CALL_TOO_LARGE")).toBe(true);
  }
  expect(await kit.run("scale", { make: "text", size: 5_000 })).toHaveLength(5_000);
});

inEachRuntime("a small call is answered while large ones are under way", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [scale, aSubject({ id: "acme.echo" })] });

  const large = Array.from({ length: 4 }, () => kit.run("scale", largeBytes));
  expect(await kit.run("echo", "small")).toBe("small");
  expect(new Set(await Promise.all(large))).toEqual(new Set([digest(largeBytes)]));
});

inEachRuntime(
  "buffers that are to be moved arrive whole, and leave a thread's caller without them",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.mover",
          run: `(input, context) => {
          const doubled = Uint8Array.from(input, (byte) => byte * 2);
          context.transfer(doubled.buffer);
          return doubled;
        }`,
        }),
      ],
    });
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await kit.run("mover", bytes, { transfer: [bytes.buffer] })).toEqual(Uint8Array.of(2, 4, 6));
    expect(bytes.byteLength).toBe(runtime.kind === "worker" ? 0 : 3);
  },
);
