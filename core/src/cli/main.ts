/** The program `plugboard`. Imported by bin/plugboard.js for its effect; nothing else imports it. */
import { readFileSync } from "node:fs";

const packageFile = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
const { version } = JSON.parse(packageFile) as { readonly version: string };
const words = process.argv.slice(2);

const { leaveStdinAlone, ProcessWorld } = await import("./process-world.js");
if (words.includes("serve-go-plugin")) leaveStdinAlone();
const world = new ProcessWorld();
world.takeOver();
if (words.length === 1 && ["-V", "--version"].includes(words[0] ?? "")) {
  // What asks for nothing else is answered before anything else is loaded.
  world.io.stdout.write(`${version}\n`);
  await world.leave(0);
}
const { run } = await import("./run.js");
const code = await run(words, {
  io: world.io,
  // Most of the program's own start; what prints its help or shakes hands first does without, or waits for it later.
  services: async () => {
    const { blockedChannel, createExtensionHost, validateExtensions } = await import("../index.js");
    world.endBlockedOnInterrupt(blockedChannel);
    return { createHost: createExtensionHost, validateExtensions };
  },
  version,
});
await world.leave(code);
