import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRegularBytes, readRegularBytesLater } from "../../../../core/src/common/read-regular-file.js";

const ways = [
  ["at once", async (file: string, limit: number) => readRegularBytes(file, limit)],
  ["later", readRegularBytesLater],
] as const;

test.each(ways)(
  "a file of the limit's size is read whole, one that is larger is refused: %s",
  async (_way, read) => {
    const file = join(await mkdtemp(join(tmpdir(), "plugboard-read-")), "file");
    await writeFile(file, "12345");

    expect(String(await read(file, 5))).toBe("12345");
    await expect(read(file, 4)).rejects.toThrow(`${file} has 5 bytes; at most 4 are read`);
  },
);

test.skipIf(process.platform === "win32").each(ways)(
  "a pipe in a file's place is refused and not waited for: %s",
  async (_way, read) => {
    const pipe = join(await mkdtemp(join(tmpdir(), "plugboard-read-")), "pipe");
    execFileSync("mkfifo", [pipe]);

    await expect(read(pipe, 5)).rejects.toThrow(`${pipe} is not a regular file`);
  },
);
