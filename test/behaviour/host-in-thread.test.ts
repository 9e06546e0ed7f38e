/** A host need not run in the application's main thread. */
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { inRepository } from "../support/repository.js";

const program = (runtime: string) => `
import { parentPort } from "node:worker_threads";
import { createExtensionHost, greeters } from ${JSON.stringify(pathToFileURL(inRepository("core/dist/index.js")).href)};
const host = createExtensionHost({
  extensionFolders: [${JSON.stringify(inRepository("extensions"))}],
  points: [greeters],
  runtimePolicy: () => ${JSON.stringify(runtime)},
});
await host.start();
const greeting = await host.call("greeters", "english", "greet", ["World"]);
await host.stop();
parentPort.postMessage(greeting);
`;

test.each(["in-process", "worker", "process"])(
  "a host in a thread runs extensions in the runtime %s",
  async (runtime) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program(runtime))}`));
    const [greeting] = (await once(worker, "message")) as [unknown];
    expect(greeting).toBe("Hello, World! Nice to meet you.");
    await worker.terminate();
  },
);
