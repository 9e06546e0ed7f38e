/**
 * Removes what the compiler wrote of sources that are gone: it leaves that where it is, and what lies in `dist` is
 * published. Runs after the compiler.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const packages = ["schemas", "extension-api", "core", "extensions/runtime-go-plugin"];

for (const name of packages) {
  const output = `${repository}${name}/dist/`;
  const written = readdirSync(output, { recursive: true, encoding: "utf8" });
  for (const map of written.filter((file) => /\.(?:js|d\.ts)\.map$/.test(file))) {
    const source = map.replace(/\.(?:js|d\.ts)\.map$/, ".ts");
    if (existsSync(`${repository}${name}/src/${source}`)) continue;
    for (const file of [map, map.replace(/\.map$/, "")]) rmSync(output + file, { force: true });
  }
}
