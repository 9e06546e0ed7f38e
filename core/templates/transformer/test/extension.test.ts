import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestHost } from "@plugboard/core/testing";
import { transformers } from "@plugboard/extension-api";

const extension = fileURLToPath(new URL("..", import.meta.url));

test("leaves one blank between words", async (t) => {
  // Strict: what would be lost on its way to a worker or process fails here too.
  const kit = await createTestHost({
    developmentFolders: [extension],
    strictBoundaries: true,
  });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  const transformer = kit.host.contributions(transformers).get("{{contribution}}");
  assert.equal(await transformer?.transform("  two\n  words "), "two words");
});
