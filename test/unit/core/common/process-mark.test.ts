import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { lifeOf, ownMark, processIdOf } from "../../../../core/src/common/process-mark.js";

const parts = () => ownMark().split(".") as [string, string, string];

test("a process finds itself running, by its number", () => {
  expect(lifeOf(ownMark())).toBe("running");
  expect(processIdOf(ownMark())).toBe(process.pid);
});

test("a process that has ended is gone", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const [, start, machine] = parts();
  expect(lifeOf(`${String(child.pid)}.${start}.${machine}`)).toBe("gone");
});

test.runIf(process.platform === "linux")(
  "a process that got the number of an ended one is not that one",
  () => {
    const [id, start, machine] = parts();
    expect(lifeOf(`${id}.${String(Number(start) - 1)}.${machine}`)).toBe("gone");
  },
);

test("nothing is said of a process in another container", () => {
  const [id, start] = parts();
  expect(lifeOf(`${id}.${start}.00000000`)).toBe("elsewhere");
});
