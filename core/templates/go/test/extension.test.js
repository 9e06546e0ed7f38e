import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestHost } from "@plugboard/core/testing";
import { greeters } from "@plugboard/extension-api";

const extension = fileURLToPath(new URL("..", import.meta.url));
const runtime = fileURLToPath(new URL(".", import.meta.resolve("@plugboard/runtime-go-plugin/package.json")));
const hasGo = spawnSync("go", ["version"]).status === 0;

test("greets by name", { skip: hasGo ? false : "there is no go here to build the program" }, async (t) => {
  const build = spawnSync(process.execPath, ["go.js", "build"], { cwd: extension, encoding: "utf8" });
  assert.equal(build.status, 0, build.stderr);
  const kit = await createTestHost({ developmentFolders: [extension, runtime] });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  const greeter = kit.host.contributions(greeters).get("{{contribution}}");
  assert.equal(await greeter?.greet("World"), "Hello from Go, World!");
});
