import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { installExtension } from "@plugboard/core/packaging";
import { createTestHost } from "@plugboard/core/testing";
import { greeters } from "@plugboard/extension-api";

const extension = fileURLToPath(new URL("..", import.meta.url));

test("greets by name from a process", async (t) => {
  const testHost = await createTestHost({ start: "manual" });
  t.after(() => testHost.dispose());
  // As users install it: no link may lead out of the folder of a process, and links in node_modules do.
  await installExtension(extension, { extensionFolder: testHost.folder });
  const report = await testHost.host.start();
  assert.deepEqual(report.problems, []);
  assert.equal(testHost.host.extensions.get("{{id}}")?.runtime, "process");
  const greeter = testHost.host.contributions(greeters).get("{{contribution}}");
  assert.equal(await greeter?.greet("World"), "Good day, World!");
});
