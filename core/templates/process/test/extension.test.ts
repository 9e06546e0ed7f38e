import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestHost } from "@plugboard/core/testing";
import { greeters } from "@plugboard/extension-api";

const extension = fileURLToPath(new URL("..", import.meta.url));

test("greets by name from a process", async (t) => {
  const testHost = await createTestHost({ developmentFolders: [extension] });
  t.after(() => testHost.dispose());
  assert.deepEqual(testHost.report.problems, []);
  assert.equal(testHost.host.extensions.get("{{id}}")?.runtime, "process");
  const greeter = testHost.host.contributions(greeters).get("{{contribution}}");
  assert.equal(await greeter?.greet("World"), "Good day, World!");
});
