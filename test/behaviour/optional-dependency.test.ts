/** An optional dependency comes and goes without touching its dependent. */
import { createTestHost, anExtension, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { journal } from "../support/shared.js";

const extra = anExtension({
  id: "acme.extra",
  activationEvents: ["onStartup"],
  activate: `return { shout: (text) => text.toUpperCase() };`,
});

function userOfExtra(log = journal()) {
  return aGreeter({
    id: "acme.english",
    optionallyDependsOn: ["acme.extra"],
    head: `let extra;`,
    supplies: {
      greeters: {
        english: "{ greet: async (name) => (extra.current ? await extra.current.shout(name) : name) }",
      },
    },
    activate: `extra = context.dependency("acme.extra");
      context.subscriptions.push(extra.onDidChange(() => { ${log.tells("extra.current === undefined ? 'went' : 'came'")} }));`,
    deactivate: log.says("deactivate"),
  });
}

test("an extension runs without its optional dependency", async () => {
  await using kit = await createTestHost({ extensions: [userOfExtra()] });

  expect(await greet(kit.host, "english")).toBe("World");
});

test("an optional dependency is active before its dependent when it is there", async () => {
  await using kit = await createTestHost({ extensions: [userOfExtra(), extra] });

  expect(await greet(kit.host, "english")).toBe("WORLD");
});

test("an optional dependency comes and goes without a restart of its dependent", async () => {
  const log = journal();
  await using kit = await createTestHost({ extensions: [userOfExtra(log)] });
  expect(await greet(kit.host, "english")).toBe("World");

  await kit.write(extra);
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("WORLD"));
  await kit.remove(extra);
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("World"));

  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 1 });
  expect(log.lines.at(0)).toBe("came");
  expect(log.lines.at(-1)).toBe("went");
  expect(log.lines).not.toContain("deactivate");
});

test("an optional dependency outside its range counts as absent", async () => {
  await using kit = await createTestHost({
    extensions: [userOfExtra().with({ optionallyDependsOn: { "acme.extra": "^2.0.0" } }), extra],
  });

  expect(await greet(kit.host, "english")).toBe("World");
});

test("an optional dependency that fails does not keep its dependent from running", async () => {
  await using kit = await createTestHost({
    extensions: [userOfExtra(), extra.with({ activate: `throw new Error("no");` })],
  });

  expect(await greet(kit.host, "english")).toBe("World");
  expect(info(kit.host, "acme.english").state).toBe("active");
});

test("an update of an optional dependency reaches its dependent without a restart", async () => {
  await using kit = await createTestHost({ extensions: [userOfExtra(), extra] });
  await greet(kit.host, "english");

  await kit.write(extra.with({ version: "1.1.0", activate: "return { shout: (text) => `${text}!` };" }));
  await kit.host.rescan();
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("World!"));
  expect(info(kit.host, "acme.english").generation).toBe(1);
});
