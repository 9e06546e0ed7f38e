import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestHost } from "@plugboard/core/testing";

const extension = fileURLToPath(new URL("..", import.meta.url));

test("does as its settings say", async (t) => {
  // Strict: what would be lost on its way to a worker or process fails here too.
  const kit = await createTestHost({
    developmentFolders: [extension],
    strictBoundaries: true,
    settings: { "{{id}}": { greeting: "Good morning" } },
  });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  assert.equal(await kit.host.executeCommand("{{id}}", "Ada"), "Good morning, Ada.");

  kit.host.configure("{{id}}", { excited: true });
  assert.equal(await kit.host.executeCommand("{{id}}"), "Hello, World!");
});
