/** Commands that were started in a directory which has been removed since. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder, greeterFiles, plugboardProgram } from "../support/plugboard-process.js";

const isWindows = process.platform === "win32";

test.skipIf(isWindows)(
  "in a directory that has been removed, commands work or say so, and don't bring it back (not on Windows: it holds a current directory)",
  async () => {
    const folder = await CommandFolder.create();
    await folder.write(greeterFiles("acme.english", "English", "`Hello, ${name}!`"));
    const extension = join(folder.path, "extensions/english");
    const gone = join(folder.path, "gone");
    const run = (words: readonly string[]) => {
      const script = `mkdir "$1" && cd "$1" && rmdir "$1" && shift && exec "$@"`;
      const program = [
        process.execPath,
        plugboardProgram,
        ...words,
        "--extensions",
        join(folder.path, "extensions"),
      ];
      const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", gone, ...program], {
        encoding: "utf8",
      });
      expect(existsSync(gone), words.join(" ")).toBe(false);
      expect(stderr).not.toContain("INTERNAL");
      return { code: status, stdout, stderr };
    };

    expect(run(["list"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("acme.english") as unknown,
    });
    expect(run(["greet", "World"])).toMatchObject({ code: 0, stdout: "[English] Hello, World!\n" });
    expect(run(["explain", "acme.english"])).toMatchObject({ code: 0 });
    expect(run(["validate", extension])).toMatchObject({ code: 0 });
    expect(run(["doctor"])).toMatchObject({ code: 0 });
    expect(run(["pack", extension, "--out", join(folder.path, "packed")])).toMatchObject({ code: 0 });
    for (const words of [
      ["disable", "acme.english"],
      ["trust", "acme.english", "--yes"],
      ["pack", extension],
      ["create", "made", "--id", "acme.made", "--yes"],
    ]) {
      const { code, stderr } = run(words);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("has been removed") as unknown,
      });
    }
  },
);
