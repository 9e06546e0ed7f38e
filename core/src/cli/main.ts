/** The program `plugboard`. Imported by bin/plugboard.js for its effect; nothing else imports it. */
import packageFile from "@plugboard/core/package.json" with { type: "json" };
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const words = process.argv.slice(2);
const { version } = packageFile;
if (words.length === 1 && words[0] === "--version") {
  // Asked by scripts, again and again: it needs nothing else.
  process.stdout.write(`${version}\n`);
} else {
  // The system's folder for such is open to others, who could put code there.
  enableCompileCache(join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "plugboard"));
  const { leaveStdinAlone, ProcessWorld } = await import("./process-world.js");
  if (words.includes("serve-go-plugin")) leaveStdinAlone();
  const { run } = await import("./run.js");
  const world = new ProcessWorld();
  world.takeOver();
  const code = await run(words, {
    io: world.io,
    // Most of the program's own start; what prints its help or shakes hands first does without, or waits for it later.
    services: async () => {
      const { createExtensionHost, validateExtensions } = await import("../index.js");
      return { createHost: createExtensionHost, validateExtensions };
    },
    version,
  });
  await world.leave(code);
}
