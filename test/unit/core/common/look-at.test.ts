import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  lookAt,
  lookAtEntry,
  lookBehind,
  lookExactlyAt,
  lookInto,
  lookLaterAt,
  saysMissing,
} from "../../../../core/src/common/look-at.js";

async function folderOfOddities(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "plugboard-look-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "folder"));
  await writeFile(join(folder, "file"), "text");
  await symlink("ring", join(folder, "ring"));
  await symlink("file", join(folder, "link"));
  return folder;
}

describe("a look", () => {
  it.for([
    ["missing", "ENOENT"],
    ["y".repeat(300), "ENAMETOOLONG"],
    ["ring", "ELOOP"],
    [join("ring", "below"), "ELOOP"],
    ["nul\0", "ERR_INVALID_ARG_VALUE"],
  ] as const)("at %j answers %s and throws nothing", async ([name, code], { skip }) => {
    skip(process.platform === "win32", "Windows has other words for these");
    const path = join(await folderOfOddities(), name);
    expect(lookAt(path)).toEqual({ code });
    expect(lookExactlyAt(path)).toEqual({ code });
    expect(await lookLaterAt(path)).toEqual({ code });
    expect(lookInto(path)).toEqual({ code });
    expect(lookBehind(path)).toEqual({ code });
    // A link in a ring is an entry itself.
    if (name !== "ring") expect(lookAtEntry(path)).toEqual({ code });
  });

  it("finds nothing behind a file, as little as where no entry is", async () => {
    const path = join(await folderOfOddities(), "file", "below");
    const looks = [
      lookAt(path),
      lookAtEntry(path),
      lookInto(path),
      lookBehind(path),
      await lookLaterAt(path),
    ];
    expect(looks.map(({ code }) => saysMissing(code))).toEqual(looks.map(() => true));
  });

  it("finds what is there", async () => {
    const folder = await folderOfOddities();
    expect(lookAt(join(folder, "link")).found?.size).toBe(4);
    expect(lookExactlyAt(join(folder, "link")).found?.size).toBe(4n);
    expect((await lookLaterAt(join(folder, "link"))).found?.isFile()).toBe(true);
    expect(lookAtEntry(join(folder, "ring")).found?.isSymbolicLink()).toBe(true);
    expect(lookBehind(join(folder, "link")).found).toBe(lookBehind(join(folder, "file")).found);
    expect(
      lookInto(folder)
        .found?.map(({ name }) => name)
        .sort(),
    ).toEqual(["file", "folder", "link", "ring"]);
  });
});
