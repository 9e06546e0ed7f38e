/** The unit file of the page on operations: systemd understands it, and what it starts runs as the user that it names. */
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installExtension } from "@plugboard/core/packaging";
import { expect, onTestFinished, test } from "vitest";
import { readSnippets } from "../../core/scripts/doc-page.ts";
import { CommandFolder, greeterFiles, plugboardProgram } from "../support/plugboard-process.js";
import { readText } from "../support/repository.js";

const page = "core/docs/operations.md";
const unit = readSnippets(page, readText(page)).find(({ file }) => file === "plugboard.service")?.text ?? "";
const setting = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(unit)?.[1] ?? "";

const works = (program: string, ...words: readonly string[]) => spawnSync(program, words).status === 0;

test("systemd finds nothing wrong with it", async ({ skip }) => {
  skip(!works("systemd-analyze", "--version"), "systemd-analyze is not installed");
  const folder = await mkdtemp(join(tmpdir(), "plugboard-unit-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // What it starts is not installed here.
  const [program = ""] = setting("ExecStart").split(" ");
  await writeFile(join(folder, "plugboard.service"), unit.replace(program, process.execPath));
  const words = ["verify", "--man=no", join(folder, "plugboard.service")];
  const { status, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8" });
  // A key that it does not know is no error to it.
  const told = stderr.split("\n").filter((line) => line.includes("plugboard"));
  expect({ status, told }).toEqual({ status: 0, told: [] });
});

/** Private to what it runs: the places that the unit names, and a user of that name. */
const stage = `
set -e
host=
trap 'kill -KILL $host; exit 1' TERM
folder=$1 user=$2 place=$3 state=$4 node=$5; shift 5
mkdir -p "$(dirname "$place")" "$(dirname "$state")"
mount -t tmpfs none "$(dirname "$place")" && mkdir "$place" && mount --bind "$folder/place" "$place"
mount -t tmpfs none "$(dirname "$state")" && mkdir -m 700 "$state" && chown 59999:59999 "$state"
mount --bind "$folder/passwd" /etc/passwd
mount --bind "$folder/group" /etc/group
cd "$place"
as="setpriv --reuid=$user --regid=$user --clear-groups --no-new-privs env -i PATH=$node:/usr/bin:/bin"
# Alone, so that the process that is told to end is the host.
$as "$@" & host=$!
for turn in $(seq 300); do $as "$1" health --state "$state" > "$folder/health" && break; kill -0 $host; sleep 0.1; done
$as "$1" greet World --state "$state"
stat --format "%U %a" "$state" "$state/host.sock"
kill -TERM $host; wait $host; echo "ended with $?"
`;

test(
  "what it starts runs what root has installed, as the user that it names",
  { timeout: 90_000 },
  async ({ skip }) => {
    skip(process.getuid?.() !== 0, "only root can be another user");
    skip(
      !works("unshare", "--mount", "true") || !works("setpriv", "--version"),
      "unshare or setpriv is not here",
    );
    skip(
      !works("setpriv", "--reuid=59999", "--clear-groups", process.execPath, "--version"),
      "this checkout lies where no other user can run its Node",
    );
    const { path } = await CommandFolder.create();
    const place = join(path, "place");
    const program = join(place, "node_modules/.bin/plugboard");
    await mkdir(dirname(program), { recursive: true });
    await symlink(plugboardProgram, program);
    await chmod(path, 0o755);
    const source = join(path, "source");
    for (const [file, text] of Object.entries(greeterFiles("acme.english", "English", "`Hello, ${name}!`"))) {
      const target = join(source, file.replace("extensions/english/", ""));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    const before = process.umask(0o077);
    try {
      await installExtension(source, { extensionFolder: join(place, "extensions") });
    } finally {
      process.umask(before);
    }
    const user = setting("User");
    for (const [name, line] of [
      ["passwd", `${user}:x:59999:59999::/nonexistent:/bin/false\n`],
      ["group", `${user}:x:59999:\n`],
    ] as const)
      await writeFile(join(path, name), (await readFile(`/etc/${name}`, "utf8")) + line);
    const state = `/var/lib/${setting("StateDirectory")}`;
    const start = setting("ExecStart").split(" ");
    expect(start).toContain(state);
    const words = [path, user, setting("WorkingDirectory"), state, dirname(process.execPath), ...start];
    const outcome = spawnSync(
      "unshare",
      ["--mount", "--propagation", "private", "/bin/sh", "-c", stage, "sh", ...words],
      { encoding: "utf8", timeout: 60_000 },
    );
    const health = await readFile(join(path, "health"), "utf8").catch(() => "");
    expect({ ...outcome, health }).toMatchObject({
      status: 0,
      health: "healthy: the host is ready; extensions: 1 ready\n",
      stdout: expect.stringMatching(
        new RegExp(`\\[English\\] Hello, World!\n${user} 700\n${user} \\d+\n(?:.*\n)*ended with 0\n$`),
      ) as string,
    });
  },
);
