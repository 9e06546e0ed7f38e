/** Why an extension is or is not active, and what hangs on it. */
import { anExtension, createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet } from "../support/extensions.js";

test("explain tells what activates an extension, declared and implied", async () => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", activationEvents: ["onOrder:paid"] })],
  });
  const explanation = kit.host.explain("acme.english");

  expect(explanation.extension?.state).toBe("ready");
  expect([...explanation.activationEvents].sort()).toEqual(["onGreeter:english", "onOrder:paid"]);
  for (const part of ["acme.english", "ready", "onGreeter:english", "onOrder:paid"]) {
    expect(explanation.format()).toContain(part);
  }
});

test("explain tells why an extension is not active, down to the root cause", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base", activate: `throw new Error("the cellar is flooded");` }),
      anExtension({ id: "acme.top", dependsOn: { "acme.base": "^1.0.0" }, activationEvents: ["onStartup"] }),
    ],
  });
  const explanation = kit.host.explain("acme.top");

  expect(explanation.dependencies).toMatchObject([
    { id: "acme.base", range: "^1.0.0", optional: false, state: "failed", version: "1.0.0" },
  ]);
  expect(explanation.format()).toContain("acme.base");
  expect(explanation.format()).toContain("the cellar is flooded");
});

test("explain tells which active extensions the removal of one would stop", async () => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({ id: "acme.base" }),
      aGreeter({ id: "acme.middle", dependsOn: ["acme.base"] }),
      aGreeter({ id: "acme.top", dependsOn: ["acme.middle"] }),
      aGreeter({ id: "acme.idle", dependsOn: ["acme.base"] }),
      aGreeter({ id: "acme.loose", optionallyDependsOn: ["acme.base"], activationEvents: ["onStartup"] }),
    ],
  });
  await greet(kit.host, "top");

  expect([...kit.host.explain("acme.base").stops].sort()).toEqual(["acme.middle", "acme.top"]);
  expect(kit.host.explain("acme.top").stops).toEqual([]);
});

test("explain tells what an event activates", async () => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({ id: "acme.english" }),
      anExtension({ id: "acme.all", activationEvents: ["onGreeter:*"] }),
      anExtension({ id: "acme.other", activationEvents: ["onOrder:paid"] }),
    ],
  });
  const explanation = kit.host.explain("onGreeter:english");

  expect(explanation.extension).toBeUndefined();
  expect([...explanation.activates].sort()).toEqual(["acme.all", "acme.english"]);
  expect(explanation.format()).toContain("acme.english");
});

test("explain of an id that nobody knows says so", async () => {
  await using kit = await createTestHost({ extensions: [aGreeter({ id: "acme.english" })] });
  const explanation = kit.host.explain("acme.englihs");

  expect(explanation.extension).toBeUndefined();
  expect(explanation.format()).toContain("acme.englihs");
});

test("explain knows whatever is listed, also what has never been whole", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.broken", manifestText: `{ id: "acme.broken", version: "1.0.0", main: {{{` }),
      anExtension({ id: "acme.nameless", manifestText: `{{{` }),
    ],
  });
  for (const { id, folder } of kit.host.extensions) {
    for (const subject of [id ?? "acme.nameless", folder]) {
      const explanation = kit.host.explain(subject);
      expect(explanation.extension).toMatchObject({ state: "invalid", folder });
      expect(explanation.format()).toContain("MANIFEST_SYNTAX");
      expect(explanation.format()).not.toContain("generation");
    }
  }
});
