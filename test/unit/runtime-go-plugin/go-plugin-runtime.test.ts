import type { Logger, StartRequest } from "@plugboard/extension-api";
import { expect, onTestFinished, test } from "vitest";
import { GoPluginRuntime } from "../../../extensions/runtime-go-plugin/src/go-plugin-runtime.js";
import { inRepository } from "../../support/repository.js";
import { PrivateFolders } from "../../../core/src/runtime/child/private-folders.js";
import { cutLines } from "../../../core/src/runtime/child/tell-lines.js";
import { freshFolder, isAlive, startChildIn, writeProgram } from "./launch/plugin-folder.js";
import type { FakePluginManners } from "./plugin/fake-plugin.js";

test("a start that nobody wants any more ends the plugin, whatever it is still asked", async () => {
  const folder = await freshFolder();
  const fake = inRepository("test/unit/runtime-go-plugin/plugin/fake-plugin.ts");
  await writeProgram(folder, `import(${JSON.stringify(`file://${fake}`)});`);
  const manners: FakePluginManners = { reflection: "hangs" };
  const started = Promise.withResolvers<number>();
  const logger: Logger = {
    debug: (_message, fields) => {
      const { processId } = (fields ?? {}) as { readonly processId?: number };
      if (processId !== undefined) started.resolve(processId);
    },
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const runtime = new GoPluginRuntime({
    environment: process.env,
  });
  const folders = new PrivateFolders(await freshFolder());
  onTestFinished(() => runtime.dispose({ patienceMs: 0 }));
  const request: Partial<StartRequest> = {
    extension: { id: "acme.x", version: "1.0.0", path: folder },
    runtime: {
      kind: "go-plugin",
      command: "./plugin",
      args: [JSON.stringify(manners)],
      proto: "reflection",
      services: {
        greeters: {
          x: { service: "a.B", methods: { greet: { rpc: "Greet", request: ["name"], response: "text" } } },
        },
      },
    },
    capabilities: { env: [] } as unknown as StartRequest["capabilities"],
    logger,
    onFile: () => undefined,
    onProblem: () => undefined,
    extendTimeout: () => undefined,
    startChild: startChildIn(folder),
    cutLines,
    createFolder: () => folders.create(),
  };
  const controller = new AbortController();
  const starting = runtime.start(request as StartRequest, { signal: controller.signal });
  const ended = starting.catch((error: unknown) => error);
  const processId = await started.promise;
  // Connected, and asked for its services.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const reason = new Error("nobody waits");
  controller.abort(reason);
  expect(await ended).toBe(reason);
  expect(isAlive(processId)).toBe(false);
});
