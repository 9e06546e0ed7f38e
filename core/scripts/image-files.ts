/**
 * Lays out what the container image holds, in the folder given: `program/` goes to the top of its file system, `data/` is
 * what its user may write. Installs the dependencies of production in place of the others, so nothing can be built
 * afterwards: only for the first stage of the Dockerfile.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error("The folder to lay out is missing.");
const repository = fileURLToPath(new URL("../..", import.meta.url));
const program = resolve(target, "program/opt/plugboard");

const install = ["ci", "--omit=dev", "--workspaces", "--ignore-scripts", "--no-audit", "--no-fund"];
execFileSync("npm", install, { cwd: repository, stdio: "inherit" });

const extensions = readdirSync(join(repository, "extensions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `extensions/${name}`);
for (const folder of ["schemas", "extension-api", "core", ...extensions]) {
  const names = new Set(["package.json", "LICENSE", "node_modules", ...publishedNames(folder)]);
  for (const name of names) copy(join(folder, name));
}
copy("node_modules");
copy("LICENSE");
// What an installation for users has and a workspace has not.
rmSync(join(program, "node_modules/.package-lock.json"), { force: true });

const commands = resolve(target, "program/usr/local/bin");
mkdirSync(commands, { recursive: true });
symlinkSync("/opt/plugboard/core/bin/plugboard.js", join(commands, "plugboard"));

mkdirSync(resolve(target, "program/opt/extensions"));
cpSync(join(repository, "core/image"), resolve(target, "program/plugboard"), { recursive: true });
letAllRead(resolve(target, "program"));

mkdirSync(resolve(target, "data/extensions"), { recursive: true });
mkdirSync(resolve(target, "data/.plugboard"), { mode: 0o700 });

/** What the package publishes; everything where it doesn't say, as with extensions of a few files. */
function publishedNames(folder: string): readonly string[] {
  const file = join(repository, folder, "package.json");
  const { files } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as {
    readonly files?: readonly string[];
  };
  // Sources are for the maps, and those stay behind.
  return files?.filter((name) => name !== "src") ?? readdirSync(join(repository, folder));
}

function copy(path: string): void {
  const from = join(repository, path);
  if (!existsSync(from)) return;
  const to = join(program, path);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, {
    recursive: true,
    // Links among the packages stay links among them.
    verbatimSymlinks: true,
    // Types and source maps are for those who write programs, and they are half of the files.
    filter: (file) => !/\.(?:d\.[cm]?ts|map)$/.test(file),
  });
}

/** Whoever checked the sources out may have kept them to themselves; the image's user is somebody else. */
function letAllRead(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) letAllRead(path);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
