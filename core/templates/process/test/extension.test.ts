import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestHost } from "@plugboard/core/testing";
import { greeters } from "@plugboard/extension-api";

const extension = fileURLToPath(new URL("..", import.meta.url));

test("greets by name from a process", async (t) => {
  const kit = await createTestHost({ developmentFolders: [extension] });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  assert.equal(kit.host.extensions.get("{{id}}")?.runtime, "process");
  const greeter = kit.host.contributions(greeters).get("{{contribution}}");
  assert.equal(await greeter?.greet("World"), "Good day, World!");
});
