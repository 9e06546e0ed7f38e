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

const partner = (id: string, other: string) =>
  anExtension({
    id,
    optionallyDependsOn: [other],
    activationEvents: [`onPartner:${id}`],
    activate: `const other = context.dependency("${other}");
      return { name: () => "${id}", partner: async () => (other.current ? await other.current.name() : "nobody") };`,
  });
const asker = (id: string, ofWhom: string) =>
  aGreeter({
    id,
    dependsOn: [ofWhom],
    supplies: { greeters: { [id.slice(5)]: `{ greet: () => context.dependency("${ofWhom}").partner() }` } },
  });

test("extensions that optionally depend on each other don't wait for each other, and both run", async () => {
  await using kit = await createTestHost({
    extensions: [
      partner("acme.one", "acme.two"),
      partner("acme.two", "acme.one"),
      asker("acme.asker", "acme.one"),
    ],
    limits: { callMs: 5_000 },
  });

  await eventually(async () => expect(await greet(kit.host, "asker")).toBe("acme.two"));
  expect([info(kit.host, "acme.one").state, info(kit.host, "acme.two").state]).toEqual(["active", "active"]);
});

test("a circle of dependencies of which one is optional holds nobody up, wherever it is entered", async () => {
  for (const entry of ["acme.one", "acme.two", "acme.three"]) {
    await using kit = await createTestHost({
      extensions: [
        anExtension({ id: "acme.one", optionallyDependsOn: ["acme.two"] }),
        anExtension({ id: "acme.two", dependsOn: ["acme.three"] }),
        anExtension({ id: "acme.three", optionallyDependsOn: ["acme.one", "acme.three"] }),
      ],
    });
    await kit.host.activate(entry);
    await eventually(() => expect(info(kit.host, "acme.three").state).toBe("active"));
  }
});

test("extensions that optionally depend on each other are all started by one event", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.one", optionallyDependsOn: ["acme.two"], activationEvents: ["onStartup"] }),
      anExtension({ id: "acme.two", optionallyDependsOn: ["acme.one"], activationEvents: ["onStartup"] }),
    ],
  });

  expect(kit.report.failed).toEqual([]);
  expect(kit.report.outcomes.map(({ id, state }) => [id, state])).toEqual([
    ["acme.one", "active"],
    ["acme.two", "active"],
  ]);
});
