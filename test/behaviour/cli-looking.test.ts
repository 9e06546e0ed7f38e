/** Looking at extensions runs none of their code, whatever their folders say. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CommandFolder } from "../support/plugboard-process.js";

const looks = [
  ["list"],
  ["list", "--json"],
  ["explain", "acme.worker"],
  ["explain", "onStartup"],
  ["validate", "extensions"],
  ["doctor"],
  ["health"],
  ["verify", "extensions/in-process"],
];

test("list, explain, validate, doctor, health and verify run no code of extensions", async () => {
  const folder = await CommandFolder.create();
  const ran = join(folder.path, "ran");
  const source = `
    import { appendFileSync } from "node:fs";
    appendFileSync(${JSON.stringify(ran)}, "loaded ");
    export function activate() { appendFileSync(${JSON.stringify(ran)}, "activated "); }`;
  for (const kind of ["in-process", "worker", "process"]) {
    await folder.write({
      [`extensions/${kind}/plugin.json5`]: JSON.stringify({
        manifestVersion: 1,
        id: `acme.${kind}`,
        version: "1.0.0",
        main: "./extension.mjs",
        runtime: kind,
        activationEvents: ["onStartup", "*", "onStartupFinished"],
        capabilities: { fs: { write: ["."] } },
        contributes: { greeters: [{ id: kind, lang: kind }] },
      }),
      [`extensions/${kind}/extension.mjs`]: source,
    });
  }
  await folder.write({
    "plugboard.config.json5": `{ grants: { "acme.process": { fs: { write: ["."] } } } }`,
  });
  await Promise.all(looks.map((look) => folder.run(look)));
  expect(existsSync(ran)).toBe(false);
  // The same folders do run where somebody calls.
  await folder.run(["greet", "World"]);
  expect(existsSync(ran)).toBe(true);
});
