import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { greeterModule, isRunning, makeFolder } from "./child-harness.js";

test.skipIf(process.platform === "win32")(
  "the children of a host that is killed end by themselves, one that loops as well",
  async () => {
    const idle = await makeFolder({ "extension.cjs": greeterModule("return 1") });
    const looping = await makeFolder({ "extension.cjs": greeterModule("for (;;);") });
    const host = spawn(
      process.execPath,
      [fileURLToPath(new URL("./host-process.mjs", import.meta.url)), idle, looping],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void host.kill("SIGKILL"));
    const [line] = (await once(createInterface(host.stdout), "line")) as [string];
    const children = JSON.parse(line) as readonly number[];
    onTestFinished(() => {
      for (const child of children) if (isRunning(child)) process.kill(child, "SIGKILL");
    });
    // the looping one has been told to loop, and looks at its pipe no more
    await wait(100);
    expect(children.map(isRunning)).toEqual([true, true]);

    host.kill("SIGKILL");
    await once(host, "exit");
    while (children.some(isRunning)) await wait(5);
    expect(children.map(isRunning)).toEqual([false, false]);
  },
);
