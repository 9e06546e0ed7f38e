/**
 * Runs the card shop. `PORT` is where it listens (3000), `EXTENSION_FOLDERS` where extensions are dropped
 * (the bundled ones and those beside this example), `LOG_LEVEL` how much it says on standard error (warn).
 */
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { startService } from "./start-service.js";

const inPackage = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { PORT = "3000", EXTENSION_FOLDERS, LOG_LEVEL = "warn" } = process.env;

const port = Number(PORT);
if (PORT === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
  complain(`PORT is ${PORT || "empty"}; it has to be a number from 0 to 65535.`);
  process.exitCode = 2;
} else {
  await run();
}

async function run(): Promise<void> {
  try {
    const service = await startService({
      port,
      extensionFolders: EXTENSION_FOLDERS?.split(delimiter) ?? [
        inPackage("../../../../extensions"),
        inPackage("../extensions"),
      ],
      logLevel: LOG_LEVEL,
    });
    say(`Card shop with ${service.extensionCount} extensions at ${service.address} (Ctrl-C stops it)`);

    const stop = () => {
      // The second Ctrl-C finds no handler and ends the process at once.
      process.off("SIGINT", stop).off("SIGTERM", stop);
      service.stop().then(() => say("Card shop stopped."), fail);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
