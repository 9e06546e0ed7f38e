/** The program `plugboard`. Imported by bin/plugboard.js for its effect; nothing else imports it. */
import packageFile from "@plugboard/core/package.json" with { type: "json" };
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { exitCode } from "./exit-code.js";

const { version } = packageFile;
const words = process.argv.slice(2);
if (words.length === 1 && ["-V", "--version"].includes(words[0] ?? "")) {
  // Asked by scripts, again and again: nothing else is loaded for it.
  process.stdout.once("error", ({ code, message }: NodeJS.ErrnoException) => {
    // A reader that has had enough is no failure.
    if (code === "EPIPE") return;
    process.exitCode = exitCode.hostFault;
    process.stderr.write(`plugboard: the output could not be written: ${message}\n`);
  });
  process.stdout.write(`${version}\n`);
} else {
  // The system's folder for such is open to others, who could put code there.
  enableCompileCache(join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "plugboard"));
  const { leaveStdinAlone, ProcessWorld } = await import("./process-world.js");
  if (words.includes("serve-go-plugin")) leaveStdinAlone();
  const world = new ProcessWorld();
  world.takeOver();
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
}
