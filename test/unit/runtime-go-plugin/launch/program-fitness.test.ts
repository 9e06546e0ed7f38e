import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  programFormat,
  unfitness,
  type ProgramFormat,
} from "../../../../extensions/runtime-go-plugin/src/launch/program-fitness.js";
import { freshFolder } from "./plugin-folder.js";

async function formatOf(bytes: Uint8Array): Promise<ProgramFormat> {
  const path = join(await freshFolder(), "program");
  await writeFile(path, bytes);
  const file = await open(path);
  try {
    return await programFormat(file);
  } finally {
    await file.close();
  }
}

/** The head of an ELF file of 64 bits with one header for a loader. */
function elf(machine: number, interpreter: string): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(3, 64);
  bytes.writeBigUInt64LE(128n, 72);
  bytes.writeBigUInt64LE(BigInt(interpreter.length + 1), 96);
  bytes.write(`${interpreter}\0`, 128);
  return bytes;
}

function pe(machine: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write("MZ");
  bytes.writeUInt32LE(64, 60);
  bytes.write("PE\0\0", 64, "latin1");
  bytes.writeUInt16LE(machine, 68);
  return bytes;
}

function fatMach(...machines: readonly number[]): Buffer {
  const bytes = Buffer.alloc(8 + 20 * machines.length);
  bytes.writeUInt32BE(0xcafebabe, 0);
  bytes.writeUInt32BE(machines.length, 4);
  for (const [index, machine] of machines.entries()) bytes.writeUInt32BE(machine, 8 + index * 20);
  return bytes;
}

const linux = { platform: "linux", arch: "x64", exists: () => true } as const;

test("the architecture of a program is read from its head and held against the machine", async () => {
  const arm = await formatOf(elf(183, "/lib/ld-linux-aarch64.so.1"));
  expect(arm).toMatchObject({
    kind: "ELF",
    architecture: "arm64",
    interpreter: "/lib/ld-linux-aarch64.so.1",
  });
  expect(unfitness(arm, linux)).toBe("It is made for arm64, and this machine is linux-x64.");
  expect(unfitness(arm, { ...linux, arch: "arm64" })).toBeUndefined();
  expect(unfitness(arm, { ...linux, platform: "darwin", arch: "arm64" })).toContain("made for Linux");

  const windows = await formatOf(pe(0x8664));
  expect(unfitness(windows, linux)).toBe("It is made for Windows (PE), and this machine is linux-x64.");
  expect(unfitness(windows, { ...linux, platform: "win32", arch: "arm64" })).toBeUndefined();
  expect(unfitness(await formatOf(pe(0xaa64)), { ...linux, platform: "win32" })).toContain("made for arm64");

  const mac = await formatOf(fatMach(0x1000007, 0x100000c));
  expect(mac).toEqual({ kind: "Mach-O", architectures: ["x64", "arm64"] });
  expect(unfitness(mac, { ...linux, platform: "darwin" })).toBeUndefined();
  expect(unfitness(mac, linux)).toContain("made for macOS");
});

test("a loader that is missing is named, with the libc it stands for", async () => {
  const without = { ...linux, exists: () => false };
  expect(unfitness(await formatOf(elf(62, "/lib/ld-musl-x86_64.so.1")), without)).toBe(
    "It needs the loader /lib/ld-musl-x86_64.so.1, which is not there: it is made for musl, as on Alpine, and this system has another libc; build it with CGO_ENABLED=0, which needs none.",
  );
  expect(unfitness(await formatOf(elf(62, "/lib64/ld-linux-x86-64.so.2")), without)).toContain(
    "made for glibc",
  );
});

test("whatever is no program is told so and breaks nothing", async () => {
  for (const bytes of [
    [],
    [0x7f, 0x45, 0x4c, 0x46],
    elf(62, "/x").subarray(0, 70),
    pe(1).subarray(0, 66),
    fatMach(),
  ])
    expect(unfitness(await formatOf(Buffer.from(bytes)), linux, bytes.length)).toMatch(
      /neither a program|ends early|made for/,
    );
});

test("the program that runs this test fits this machine", async () => {
  const file = await open(process.execPath);
  const { size } = await file.stat();
  const { thisMachine } =
    await import("../../../../extensions/runtime-go-plugin/src/launch/program-fitness.js");
  expect(unfitness(await programFormat(file), thisMachine, size)).toBeUndefined();
  await file.close();
});
