/** What a careless application does to its own host. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createExtensionHost, greeters } from "@plugboard/core";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";

test.for([NaN, -1, "5"])("a limit of %s is refused at once", (limit) => {
  expect(() => createExtensionHost({ limits: { activateMs: limit as number } })).toThrow(RangeError);
});

test.for([Infinity, 2 ** 31, 0, undefined])("limits of %s leave an extension its time", async (limit) => {
  const slow = "await new Promise((done) => setTimeout(done, 20));";
  await using kit = await createTestHost({
    limits: {
      activateMs: limit,
      deactivateMs: limit,
      callMs: limit,
      drainMs: limit,
      stopMs: limit,
    } as Record<"activateMs", number>,
    extensions: [aGreeter({ id: "acme.english", activate: slow, deactivate: slow })],
  });

  expect(await greet(kit.host, "english")).toContain("World");
  await kit.host.reload("acme.english");
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 2, problems: [] });
  await expect(kit.host.stop()).resolves.toBeUndefined();
});

test("an extension that writes to its own identity renames nothing", async () => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        contributes: { greeters: [{ id: "english", lang: "English" }] },
        supplies: { greeters: { english: "{}" } },
        activate: `try { context.extension.id = "evil"; } catch {}`,
      }),
    ],
  });
  await kit.host.activate("acme.english");

  const { problems } = info(kit.host, "acme.english");
  expect(problems).toMatchObject([{ code: "CONTRIBUTION_INCOMPLETE", extensionId: "acme.english" }]);
  expect(problems[0]?.message).not.toContain("evil");
});

test("two hosts in one process write to one state folder without a failure", async () => {
  await using kit = await createTestHost({ start: "manual" });
  const root = join(kit.temporaryFolder, "shared");
  await mkdir(root);
  await aGreeter({
    id: "acme.english",
    supplies: {
      greeters: {
        english: "{ async greet(name) { await context.storage.set('last', name); return name; } }",
      },
    },
  }).writeTo(root);
  const options = {
    extensionFolders: [root],
    points: [greeters],
    stateFolder: join(kit.temporaryFolder, "state"),
  };
  const hosts = [createExtensionHost(options), createExtensionHost(options)];
  await Promise.all(hosts.map((host) => host.start()));

  try {
    const names = Array.from({ length: 30 }, (_, index) => String(index));
    const answers = names.map((name, index) => greet(hosts[index % 2]!, "english", name));
    expect(await Promise.all(answers)).toEqual(names);
  } finally {
    await Promise.all(hosts.map((host) => host.stop()));
  }
});
