/**
 * Packs the packages of this checkout as npm would publish them, and prints the command that installs them into an
 * application: `npm run pack:packages`. Another folder for the archives may be given.
 */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const repository = fileURLToPath(new URL("../..", import.meta.url));
const folders = ["schemas", "extension-api", "core", "extensions/runtime-go-plugin"];
/** What an application shares with the host. */
const peers = ["inversify", "reflect-metadata"];

const [target = join(repository, ".plugboard/packages")] = process.argv.slice(2);
const destination = resolve(target);
await mkdir(destination, { recursive: true });
const { stdout } = await execute(
  "npm",
  [
    ...["pack", "--json", "--ignore-scripts", "--pack-destination", destination],
    ...folders.flatMap((folder) => ["--workspace", folder]),
  ],
  { cwd: repository, maxBuffer: 64 * 1024 * 1024, shell: process.platform === "win32" },
);
const packed = JSON.parse(stdout) as readonly { readonly filename: string }[];
const archives = packed.map(({ filename }) => join(destination, filename));
process.stdout.write(`packed ${archives.length} packages into ${relative(process.cwd(), destination) || "."}

Install them into an application:

  npm install ${[...archives, ...peers].map(quoted).join(" ")}
`);

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}
