/**
 * Builds everything that is written in Go: `npm run go:build`. With `--proto` it first writes anew what is generated
 * from each `.proto`.
 */
import { buildGo, generateGo, missingGo, ownPrograms } from "./go-toolchain.ts";

const missing = await missingGo();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
if (process.argv.includes("--proto")) for (const file of await generateGo()) console.log(`wrote ${file}`);
for (const name of ownPrograms) console.log(await buildGo(name));
