/** Dependencies are extensions by semver range. */
import { createTestHost, anExtension } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

test("a dependency inside the range runs", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base", version: "1.4.2" }),
      aGreeter({ id: "acme.top", dependsOn: { "acme.base": "^1.2.0" } }),
    ],
  });

  expect(await greet(kit.host, "top")).toBe("top 1.0.0: World");
});

test("a dependency outside the range blocks its dependent with DEPENDENCY_VERSION", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base", version: "2.0.0" }),
      anExtension({ id: "acme.top", dependsOn: { "acme.base": "^1.2.0" } }),
    ],
  });

  const { state, reason } = info(kit.host, "acme.top");
  expect([state, reason?.code]).toEqual(["blocked", "DEPENDENCY_VERSION"]);
  expect(reason?.message).toContain("2.0.0");
  expect(reason?.message).toContain("^1.2.0");
  expect(await rejection(kit.host.activate("acme.top"))).toMatchObject({ code: "DEPENDENCY_VERSION" });
});

test("a missing dependency blocks with DEPENDENCY_MISSING until it comes", async () => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.top", dependsOn: ["acme.base"] })],
  });
  expect(info(kit.host, "acme.top")).toMatchObject({
    state: "blocked",
    reason: { code: "DEPENDENCY_MISSING" },
  });
  expect(info(kit.host, "acme.top").reason?.message).toContain("acme.base");

  await kit.write(anExtension({ id: "acme.base" }));
  await kit.host.rescan();
  expect(await greet(kit.host, "top")).toBe("top 1.0.0: World");
});

test("a plain list of dependencies means any version", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.base", version: "0.0.1" }),
      aGreeter({ id: "acme.top", manifest: { extensionDependencies: ["acme.base"] } }),
    ],
  });

  expect(await greet(kit.host, "top")).toBe("top 1.0.0: World");
});
