/** Removing an extension takes its dependents down in order; its return brings them back. */
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info, rejection } from "../support/extensions.js";
import { journal } from "../support/shared.js";

const base = aGreeter({ id: "acme.base", activate: `return { word: () => "word" };` });
const top = aGreeter({ id: "acme.top", dependsOn: ["acme.base"] });

test("removal takes active dependents down first", async () => {
  const log = journal();
  const logged = [base, top].map((extension) =>
    extension.with({ deactivate: `await null; ${log.says(extension.id)}` }),
  );
  await using kit = await createTestHost({ extensions: logged });
  await greet(kit.host, "top");

  await kit.remove(base);
  await kit.host.rescan();
  expect(log.lines).toEqual(["acme.top", "acme.base"]);
  expect(info(kit.host, "acme.top")).toMatchObject({
    state: "blocked",
    reason: { code: "DEPENDENCY_MISSING" },
  });
});

test("a dependent whose provider left stays listed, and its calls wait for the provider's return", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [base, top] });
  await greet(kit.host, "top");
  const stub = kit.host.contributions("greeters").get("top");
  await kit.remove(base);
  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("blocked"));

  expect(ids(kit.host, "greeters")).toEqual(["top"]);
  const waiting = greet(kit.host, "top");
  await kit.write(base);
  expect(await waiting).toBe("top 1.0.0: World");
  expect(kit.host.contributions("greeters").get("top")).toBe(stub);
  expect(info(kit.host, "acme.top").generation).toBeGreaterThan(1);
});

test("calls to a dependent whose provider does not return get DEPENDENCY_FAILED", async () => {
  await using kit = await createTestHost({
    limits: { dependencyMs: 50 },
    extensions: [base, top],
  });
  await greet(kit.host, "top");
  await kit.remove(base);
  await kit.host.rescan();

  const error = await rejection(greet(kit.host, "top"));
  expect(error).toMatchObject({ code: "DEPENDENCY_FAILED", extensionId: "acme.top" });
  expect((error as Error).message).toContain("acme.base");
});

test("dependents that were active come back by themselves when the provider returns, in order", async () => {
  const log = journal();
  const logged = [
    base,
    aGreeter({ id: "acme.middle", dependsOn: ["acme.base"] }),
    aGreeter({ id: "acme.top", dependsOn: ["acme.middle"] }),
  ].map((extension) => extension.with({ activate: log.says(extension.id) }));
  await using kit = await createTestHost({ extensions: logged });
  await greet(kit.host, "top");
  await kit.remove(base);
  await kit.host.rescan();
  log.lines.length = 0;

  await kit.write(logged[0]!);
  await kit.host.rescan();
  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("active"));
  expect(log.lines).toEqual(["acme.base", "acme.middle", "acme.top"]);
});

test("dependents that never ran are neither deactivated nor activated by it", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [base, top.with({ activate: log.says("activate"), deactivate: log.says("deactivate") })],
  });
  await kit.host.activate("acme.base");
  await kit.remove(base);
  await kit.host.rescan();
  await kit.write(base);
  await kit.host.rescan();

  await eventually(() => expect(info(kit.host, "acme.top").state).toBe("ready"));
  expect(log.lines).toEqual([]);
});
