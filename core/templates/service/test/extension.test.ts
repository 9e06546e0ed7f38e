import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { anExtension, createTestHost } from "@plugboard/core/testing";

const extension = fileURLToPath(new URL("..", import.meta.url));

/** Another extension, which uses the service. */
const user = anExtension({
  id: "test.user",
  dependsOn: { "{{id}}": "^0.1.0" },
  contributes: { commands: [{ id: "test.count" }] },
  head: "let counters;",
  activate: `counters = context.dependency("{{id}}");`,
  supplies: {
    commands: {
      "test.count": "{ execute: async (name) => [await counters.increment(name), await counters.names()] }",
    },
  },
});

test("counts for other extensions", async (t) => {
  // Strict: what would be lost on its way to a worker or process fails here too.
  const kit = await createTestHost({
    developmentFolders: [extension],
    extensions: [user],
    strictBoundaries: true,
  });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  assert.deepEqual(await kit.host.executeCommand("test.count", "tea"), [1, ["tea"]]);
  assert.deepEqual(await kit.host.executeCommand("test.count", "tea"), [2, ["tea"]]);
});
