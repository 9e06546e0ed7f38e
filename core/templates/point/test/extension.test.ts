import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { anExtension, createTestHost } from "@plugboard/core/testing";

const extension = fileURLToPath(new URL("..", import.meta.url));

/** Another extension, which contributes to the point. */
const weather = anExtension({
  id: "test.weather",
  contributes: { "{{contribution}}-sections": [{ id: "weather", title: "Weather" }] },
  supplies: { "{{contribution}}-sections": { weather: "{ text: (day) => `Sunny ${day}.` }" } },
});

test("puts together what other extensions contribute", async (t) => {
  // Strict: what would be lost on its way to a worker or process fails here too.
  const kit = await createTestHost({
    developmentFolders: [extension],
    extensions: [weather],
    strictBoundaries: true,
  });
  t.after(() => kit.dispose());
  assert.deepEqual(kit.report.problems, []);
  assert.equal(await kit.host.executeCommand("{{id}}", "on Monday"), "Weather\nSunny on Monday.");
});
