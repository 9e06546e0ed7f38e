import fc from "fast-check";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readArchive } from "../../../../core/src/archive/read-archive.js";
import { manifest, scratchFolder, tarOf } from "./crafted-archive.js";

const sound = tarOf([
  { path: "package", type: "5" },
  manifest,
  { path: "package/long", content: "x".repeat(700), extended: { path: `package/${"a/".repeat(60)}b` } },
  { path: "package/last", content: "y".repeat(10) },
]);

/** Makes the checksum of each header fit again, so that the damage gets past it. */
function withSums(tar: Buffer): Buffer {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString("latin1", at + 257, at + 262) !== "ustar") continue;
    tar.fill(" ", at + 148, at + 156);
    const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
  }
  return tar;
}

const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });

test("a tar with damage of any kind is read or refused by a code, and holds no more than it did", async () => {
  const file = join(await scratchFolder(), "damaged.tgz");
  await fc.assert(
    fc.asyncProperty(damage, fc.boolean(), fc.nat(sound.length), async (changes, areSumsRight, end) => {
      const tar = Buffer.from(sound);
      for (const [at, value] of changes) tar[at] = value;
      const bytes = areSumsRight ? withSums(tar) : tar;
      await writeFile(file, gzipSync(end % 4 === 0 ? bytes.subarray(0, end) : bytes));
      let handedOn = 0;
      const outcome = await readArchive(file, {
        onFile: () => ({ write: (part) => void (handedOn += part.length), end: () => undefined }),
      }).then(
        () => "read",
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
      expect(outcome).toMatch(/^(?:read|ARCHIVE_[A-Z_]+)$/);
      expect(handedOn).toBeLessThanOrEqual(sound.length);
    }),
    { numRuns: 400 },
  );
});

test("a file of any bytes is refused by a code", async () => {
  const file = join(await scratchFolder(), "random.tgz");
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), fc.boolean(), async (bytes, isCompressed) => {
      await writeFile(file, isCompressed ? gzipSync(bytes) : bytes);
      await expect(readArchive(file)).rejects.toMatchObject({
        code: expect.stringMatching(/^ARCHIVE_/) as string,
      });
    }),
    { numRuns: 200 },
  );
});
