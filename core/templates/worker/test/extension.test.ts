import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createTestHost } from "@plugboard/core/testing";
import { transformers } from "@plugboard/extension-api";

const extension = fileURLToPath(new URL("..", import.meta.url));

test("counts words in a thread", async (t) => {
  const kit = await createTestHost({ developmentFolders: [extension] });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  assert.equal(kit.host.extensions.get("{{id}}")?.runtime, "worker");
  const transformer = kit.host.contributions(transformers).get("{{contribution}}");
  assert.equal(await transformer?.transform("To be or not to be"), "2 to\n2 be\n1 or\n1 not");
});
