/**
 * Runs go where it finds its packages: `node go.js build` and `node go.js vet`. They come from Debian's packages where
 * those are installed, otherwise as modules, which are fetched once.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const runtime = import.meta.resolve("@plugboard/runtime-go-plugin/package.json");
const library = fileURLToPath(new URL("go", runtime));
const debian = "/usr/share/gocode";
const fromDebian = existsSync(`${debian}/src/github.com/hashicorp/go-plugin`);

function go(...words) {
  const env = fromDebian
    ? { ...process.env, GO111MODULE: "off", GOPATH: [library, debian].join(delimiter) }
    : process.env;
  const { error, status } = spawnSync("go", words, { cwd: import.meta.dirname, env, stdio: "inherit" });
  if (error !== undefined) {
    console.error(`go can't be run (${error.message}). Install Go 1.19 or newer.`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}

const wish = process.argv[2];
if (!fromDebian && !existsSync(new URL("go.sum", import.meta.url))) go("mod", "tidy");
if (wish === "build") go("build", "-o", "./bin/{{program}}", ".");
else if (wish === "vet") go("vet", ".");
else console.error("Usage: node go.js build|vet");
