/**
 * Tells why a program can't run on this machine, from the first bytes of its file: the system itself says little more
 * than that it could not be started.
 */
import { existsSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { endianness } from "node:os";

/** For which machine a program is made, as far as its file tells. @internal */
export type ProgramFormat =
  | {
      readonly kind: "ELF" | "PE";
      readonly architecture: string;
      readonly interpreter: string | undefined;
      /** Bytes that the file has at least when it is whole, as far as that can be told. */
      readonly bytes?: number;
    }
  | { readonly kind: "Mach-O"; readonly architectures: readonly string[] }
  | { readonly kind: "script"; readonly interpreter: string }
  | { readonly kind: "unknown" };

/** The machine that is to run it. @internal */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether a file is there. */
  readonly exists: (path: string) => boolean;
}

/** This machine. @internal */
export const thisMachine: Machine = Object.freeze({
  platform: process.platform,
  arch: process.arch,
  exists: existsSync,
});

const headBytes = 4096;
const longestInterpreter = 4096;
const mostProgramHeaders = 128;

/** Names of architectures as Node has them, by the numbers of the formats. */
const elfMachines: Readonly<Record<number, string>> = {
  3: "ia32",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "x64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};
const peMachines: Readonly<Record<number, string>> = {
  0x14c: "ia32",
  0x8664: "x64",
  0xaa64: "arm64",
  0x1c4: "arm",
};
const machMachines: Readonly<Record<number, string>> = {
  0x7: "ia32",
  0x1000007: "x64",
  0xc: "arm",
  0x100000c: "arm64",
};

/** Reads what kind of program it is. @internal */
export async function programFormat(file: FileHandle): Promise<ProgramFormat> {
  const head = await bytesAt(file, 0, headBytes);
  if (head.length >= 2 && head.toString("latin1", 0, 2) === "#!") {
    const [line = ""] = head.toString("utf8", 2, 258).split("\n");
    return { kind: "script", interpreter: line.trim().split(/\s/)[0] ?? "" };
  }
  if (head.length < 20) return { kind: "unknown" };
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) return elfFormat(file, head);
  if (head.toString("latin1", 0, 2) === "MZ") return peFormat(file, head);
  return machFormat(head, magic);
}

/**
 * What keeps such a program from running on the machine, a sentence; undefined if nothing is known to.
 *
 * @param size - bytes of its file
 * @internal
 */
export function unfitness(format: ProgramFormat, machine: Machine, size = Infinity): string | undefined {
  const { platform, arch } = machine;
  const wanted = platform === "win32" ? "PE" : platform === "darwin" ? "Mach-O" : "ELF";
  const here = `this machine is ${platform}-${arch}`;
  switch (format.kind) {
    case "script":
      if (platform === "win32")
        return "It is a script that names its interpreter by #!, which Windows does not know.";
      if (format.interpreter !== "" && machine.exists(format.interpreter)) return undefined;
      return `It is a script for ${format.interpreter || "no interpreter"}, which is not there.`;
    case "unknown":
      return `It is neither a program that this system knows (${wanted}) nor a script with #!.`;
    case "ELF":
    case "PE":
    case "Mach-O": {
      if (format.kind !== wanted)
        return `It is made for ${systemOf(format.kind)} (${format.kind}), and ${here}.`;
      const architectures = format.kind === "Mach-O" ? format.architectures : [format.architecture];
      if (!architectures.some((one) => runs(one, machine))) {
        return `It is made for ${architectures.join(", ")}, and ${here}.`;
      }
      if (format.kind !== "ELF") return undefined;
      if ((format.bytes ?? 0) > size) return "Its file ends early, as that of a copy under way does.";
      return missingLoader(format.interpreter, machine);
    }
  }
}

function systemOf(kind: "ELF" | "PE" | "Mach-O"): string {
  return { ELF: "Linux or a like system", PE: "Windows", "Mach-O": "macOS" }[kind];
}

/** Whether programs of the architecture run on the machine, be it by the system's own translation. */
function runs(architecture: string, { platform, arch }: Machine): boolean {
  if (architecture === arch || (architecture === "ia32" && arch === "x64")) return true;
  return architecture === "x64" && arch === "arm64" && (platform === "darwin" || platform === "win32");
}

function missingLoader(loader: string | undefined, { exists }: Machine): string | undefined {
  if (loader === undefined || exists(loader)) return undefined;
  const sentence = `It needs the loader ${loader}, which is not there`;
  const advice = "build it with CGO_ENABLED=0, which needs none";
  if (loader.includes("musl"))
    return `${sentence}: it is made for musl, as on Alpine, and this system has another libc; ${advice}.`;
  if (loader.includes("ld-linux"))
    return `${sentence}: it is made for glibc, and this system has another libc; ${advice}.`;
  return `${sentence}; ${advice}.`;
}

async function elfFormat(file: FileHandle, head: Buffer): Promise<ProgramFormat> {
  const isLittle = head[5] === 1;
  const isWide = head[4] === 2;
  const short = (from: Buffer, at: number) => (isLittle ? from.readUInt16LE(at) : from.readUInt16BE(at));
  const word = (from: Buffer, at: number) => (isLittle ? from.readUInt32LE(at) : from.readUInt32BE(at));
  const long = (from: Buffer, at: number) =>
    isWide ? Number(isLittle ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at)) : word(from, at);
  if (head.length < (isWide ? 64 : 52)) return { kind: "unknown" };
  const machine = short(head, 18);
  let architecture = elfMachines[machine] ?? `architecture ${machine}`;
  if (machine === 243 && !isWide) architecture = "riscv32";
  else if (machine === 21 && isLittle !== (endianness() === "LE")) architecture = "ppc64 of other byte order";
  const size = short(head, isWide ? 54 : 42);
  const count = Math.min(short(head, isWide ? 56 : 44), mostProgramHeaders);
  const headers = await bytesAt(file, long(head, isWide ? 32 : 28), size * count);
  let interpreter: string | undefined;
  let bytes = headers.length < size * count ? Infinity : 0;
  for (let at = 0; size >= (isWide ? 56 : 32) && at + size <= headers.length; at += size) {
    const offset = long(headers, at + (isWide ? 8 : 4));
    const length = long(headers, at + (isWide ? 32 : 16));
    const kind = word(headers, at);
    if (kind === loadHeader) bytes = Math.max(bytes, offset + length);
    if (kind !== interpreterHeader) continue;
    const text = (await bytesAt(file, offset, Math.min(length, longestInterpreter))).toString("utf8");
    interpreter = text.split("\0")[0];
  }
  return { kind: "ELF", architecture, interpreter, bytes };
}

const loadHeader = 1;
const interpreterHeader = 3;

async function peFormat(file: FileHandle, head: Buffer): Promise<ProgramFormat> {
  if (head.length < 64) return { kind: "unknown" };
  const header = await bytesAt(file, head.readUInt32LE(60), 6);
  if (header.length < 6 || header.toString("latin1", 0, 4) !== "PE\0\0") return { kind: "unknown" };
  const machine = header.readUInt16LE(4);
  return {
    kind: "PE",
    architecture: peMachines[machine] ?? `architecture ${machine}`,
    interpreter: undefined,
  };
}

function machFormat(head: Buffer, magic: number): ProgramFormat {
  const name = (machine: number) => machMachines[machine] ?? `architecture ${machine}`;
  if (magic === 0xcffaedfe || magic === 0xcefaedfe) {
    return { kind: "Mach-O", architectures: [name(head.readUInt32LE(4))] };
  }
  if (magic === 0xfeedfacf || magic === 0xfeedface) {
    return { kind: "Mach-O", architectures: [name(head.readUInt32BE(4))] };
  }
  const count = head.readUInt32BE(4);
  // Classes of Java begin with the same four bytes; what follows is a version there, and never so small.
  if (magic !== 0xcafebabe || count === 0 || count > 20) return { kind: "unknown" };
  const architectures: string[] = [];
  for (let index = 0; index < count && 12 + index * 20 <= head.length; index++) {
    architectures.push(name(head.readUInt32BE(8 + index * 20)));
  }
  return { kind: "Mach-O", architectures };
}

/** As many bytes as there are. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
