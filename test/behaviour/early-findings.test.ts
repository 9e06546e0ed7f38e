/** What is wrong with manifests and settings and shows before anything runs: the host tells it with its place. */
import { contributionPoint, offer, serviceToken, type HostOptions, type Problem } from "@plugboard/core";
import { anExtension, createTestHost, type ExtensionSketch } from "@plugboard/core/testing";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aGreeter, info, rejection } from "../support/extensions.js";

interface Orders {
  find(id: string): string;
}
const Orders = serviceToken<Orders>("shop.orders");

const english = aGreeter({ id: "acme.english" });

/** What is to be told of a Problem, in a line. */
const brief = ({ severity, code, path, suggestion }: Problem) =>
  [severity, code, path, suggestion].filter((part) => part !== undefined).join(" ");

async function findings(extension: ReturnType<typeof anExtension>, options: HostOptions = {}) {
  await using kit = await createTestHost({ ...options, extensions: [english, extension] });
  return info(kit.host, "acme.one").problems.map(brief);
}

const one = (sketch: Partial<ExtensionSketch>) => anExtension({ id: "acme.one", ...sketch });

describe("a runtime that nobody brings", () => {
  test("is told with its place in the manifest and the nearest kind", async () => {
    await using kit = await createTestHost({ extensions: [one({ manifest: { runtime: "Worker" } })] });

    const { problems, trust, state } = info(kit.host, "acme.one");
    expect({ state, trust }).toEqual({ state: "ready", trust: undefined });
    expect(problems).toEqual([
      expect.objectContaining({
        code: "RUNTIME_UNKNOWN",
        severity: "warning",
        path: "/runtime",
        line: expect.any(Number) as unknown,
        suggestion: "worker",
      }),
    ]);
  });

  test("is told with the very Problem that refuses a start", async () => {
    await using kit = await createTestHost({ extensions: [one({ manifest: { runtime: { kind: "lua" } } })] });
    const before = info(kit.host, "acme.one").problems;

    await rejection(kit.host.activate("acme.one"));
    const { state, reason, problems } = info(kit.host, "acme.one");
    expect({ state, reason }).toMatchObject({ state: "blocked", reason: { code: "RUNTIME_UNKNOWN" } });
    expect(problems).toEqual(before);
    expect(before.map(brief)).toEqual(["warning RUNTIME_UNKNOWN /runtime/kind"]);
  });

  test("is no finding once an extension brings it", async () => {
    const lua = anExtension({
      id: "acme.lua",
      contributes: { runtimes: [{ id: "lua" }] },
      supplies: { runtimes: { lua: "{ start: () => undefined }" } },
    });
    await using kit = await createTestHost({ extensions: [one({ manifest: { runtime: "lua" } }), lua] });

    expect(info(kit.host, "acme.one")).toMatchObject({ problems: [], trust: "full rights" });
  });

  test("in the policy is told with its place in the config file", async () => {
    await using kit = await createTestHost({ start: "manual" });
    const configFile = join(kit.temporaryFolder, "plugboard.config.json5");
    await writeFile(configFile, '{\n  runtimePolicy: {\n    "acme.*": "proces",\n  },\n}\n');
    await using other = await createTestHost({
      extensions: [one({ manifest: { runtime: "worker" } })],
      runtimePolicy: { "acme.*": "proces" },
      configFile,
    });

    expect(info(other.host, "acme.one")).toMatchObject({ runtime: "proces" });
    expect(info(other.host, "acme.one").problems).toMatchObject([
      {
        code: "RUNTIME_UNKNOWN",
        file: configFile,
        line: 3,
        column: 15,
        path: "/runtimePolicy/acme.*",
        suggestion: "process",
        message: expect.stringContaining('The runtime policy names "proces" for acme.*;') as unknown,
      },
    ]);
  });

  test("in the policy of a function is the folder's", async () => {
    await using kit = await createTestHost({ extensions: [one({})], runtimePolicy: () => "lua" });

    const { problems, folder } = info(kit.host, "acme.one");
    expect(problems).toMatchObject([{ code: "RUNTIME_UNKNOWN", file: folder }]);
  });
});

describe("contributions without main", () => {
  const bare = (
    contributes: NonNullable<ExtensionSketch["contributes"]>,
    more: ExtensionSketch["manifest"] = {},
  ) =>
    anExtension({
      id: "acme.one",
      main: false,
      contributes,
      manifest: more,
    });

  test("that need code are one error at the first of them", async () => {
    const contributes = { commands: [{ id: "two" }], greeters: [{ id: "two", lang: "Two" }] };
    expect(await findings(bare(contributes))).toEqual(["error MANIFEST_MAIN_MISSING /contributes/commands"]);
  });

  test("that declare and nothing else are none", async () => {
    const badges = contributionPoint<object>()({ id: "badges", methods: {} });
    const contributes = {
      badges: [{ id: "gold" }],
      commands: [],
      configuration: [{ id: "word", type: "string" }],
    };
    expect(await findings(bare(contributes), { points: [badges] })).toEqual([]);
  });

  test("are told once where main is misspelt", async () => {
    const greets = { greeters: [{ id: "two", lang: "Two" }] };
    const problems = await findings(bare(greets, { mian: "./extension.js" }));
    expect(problems).toEqual(["warning MANIFEST_UNKNOWN_KEY /mian main"]);
  });

  test("are none for a runtime that says in its own way what it runs", async () => {
    const greets = { greeters: [{ id: "two", lang: "Two" }] };
    const problems = await findings(bare(greets, { runtime: { kind: "lua", script: "./main.lua" } }));
    expect(problems).toEqual(["warning RUNTIME_UNKNOWN /runtime/kind"]);
  });
});

describe("an activation event that nothing fires", () => {
  const waiting = (...activationEvents: string[]) => findings(one({ activationEvents }));

  test.each([
    ["onStartUp", "onStartup"],
    ["onStartup:now", "onStartup"],
    ["onComand:acme.go", "onCommand:acme.go"],
    ["onGreeter", "onGreeter:*"],
    ["onGreeter:englisch", "onGreeter:english"],
  ])("%s is a warning that suggests %s", async (event, suggestion) => {
    expect(await waiting("onStartup", event)).toEqual([
      `warning ACTIVATION_EVENT_UNKNOWN /activationEvents/1 ${suggestion}`,
    ]);
  });

  test.each(["onLanguage:python", "onOrder:paid", "onOrder:*", "onCommand:acme.elsewhere"])(
    "%s is a note, since the application may fire it",
    async (event) => {
      expect(await waiting(event)).toEqual(["info ACTIVATION_EVENT_UNKNOWN /activationEvents/0"]);
    },
  );

  test("is none of those that calls and starts fire, of others or its own", async () => {
    expect(
      await waiting("*", "onStartupFinished", "onGreeter:english", "onGreeter:*", "onRuntime:*"),
    ).toEqual([]);
    const own = one({
      contributes: { commands: [{ id: "acme.go" }] },
      activationEvents: ["onCommand:acme.go"],
    });
    const problems = await findings(own);
    expect(problems.filter((problem) => problem.includes("EVENT"))).toEqual([]);
  });

  test("is none once the application has fired it", async () => {
    await using kit = await createTestHost({
      extensions: [one({ activationEvents: ["onOrder:*"] })],
    });
    expect(info(kit.host, "acme.one").problems.map(brief)).toHaveLength(1);

    await kit.host.activateByEvent("onOrder:paid");
    expect(info(kit.host, "acme.one").problems).toEqual([]);
  });

  test("is none of those that an extension's own point implies", async () => {
    const opener = anExtension({
      id: "acme.opener",
      contributes: { points: [{ id: "panels", methods: { render: 1 }, activationEvent: "onPanel" }] },
    });
    await using kit = await createTestHost({
      extensions: [one({ activationEvents: ["onPanel:*"] }), opener],
    });

    expect(info(kit.host, "acme.one").problems).toEqual([]);
  });

  test("is found beside a point whose events can't be told from an id", async () => {
    const views = contributionPoint<{ readonly place: string }>()({
      id: "views",
      methods: {},
      activationEvent: ({ place }) => `onView:${place.toLowerCase()}`,
    });
    const problems = await findings(one({ activationEvents: ["onStartUp"] }), { points: [views] });
    expect(problems).toEqual(["warning ACTIVATION_EVENT_UNKNOWN /activationEvents/0 onStartup"]);
  });
});

test("a manifest with very many events that nothing fires is told of the first", async () => {
  const activationEvents = Array.from({ length: 8_000 }, (_, index) => `onOrder:${index}`);
  const problems = await findings(one({ activationEvents }));
  expect(problems).toHaveLength(100);
});

describe("a host service that the application does not offer", () => {
  const listing = (...services: string[]) =>
    findings(one({ services }), { services: [offer(Orders, { find: () => "" }, { methods: { find: 1 } })] });

  test("is a warning where it is nearly one that is offered, and a note elsewhere", async () => {
    expect(await listing("shop.orders", "shop.ordres", "shop.mail")).toEqual([
      "warning SERVICE_UNKNOWN /services/1 shop.orders",
      "info SERVICE_UNKNOWN /services/2",
    ]);
  });
});

describe("settings", () => {
  const configured = (...configuration: object[]) => one({ contributes: { configuration } });

  test.each([
    [{ type: "number", default: "x" }, "error CONTRIBUTION_INVALID /contributes/configuration/0/default"],
    [{ type: "integer", default: 1.5 }, "error CONTRIBUTION_INVALID /contributes/configuration/0/default"],
    [
      { type: "string", enum: ["a", "b"], default: "c" },
      "error CONTRIBUTION_INVALID /contributes/configuration/0/default",
    ],
    [
      { type: "array", items: { type: "string" }, default: ["a", 1] },
      "error CONTRIBUTION_INVALID /contributes/configuration/0/default/1",
    ],
    [{ type: "nubmer", default: 1 }, "error CONTRIBUTION_INVALID /contributes/configuration/0"],
  ])("%j have a default or a schema that is wrong: %s", async (schema, problem) => {
    expect(await findings(configured({ id: "n", ...schema }))).toEqual([problem]);
  });

  test("are checked as far as it takes no long time, and what is not is said", async () => {
    const settings = Array.from({ length: 500 }, (_, index) => ({
      ...{ id: `n${index}`, type: "number", minimum: 0, default: index % 2 === 0 ? -1 : 1 },
    }));
    const problems = await findings(configured(...settings));
    expect(problems.at(0)).toBe("error CONTRIBUTION_INVALID /contributes/configuration/0/default");
    expect(problems.at(-1)).toMatch(/^info CONTRIBUTION_INVALID/);
    expect(problems.length).toBeLessThan(100);
  });

  test.each([
    { type: "number", default: 1 },
    { type: "integer", default: 2 },
    { type: ["string", "null"], default: null },
    { type: "object", default: {} },
    { type: "array", items: { type: "string" }, default: ["a"] },
    { default: 5 },
    { type: "string" },
  ])("%j is sound", async (schema) => {
    expect(await findings(configured({ id: "n", ...schema }))).toEqual([]);
  });

  test("values that don't fit are told by the setting's name, in the config file where there is one", async () => {
    await using kit = await createTestHost({ start: "manual" });
    const configFile = join(kit.temporaryFolder, "plugboard.config.json5");
    await writeFile(configFile, '{ settings: { "acme.one": {\n  count: "seven",\n  cuont: 7,\n} } }\n');
    await using other = await createTestHost({
      extensions: [configured({ id: "count", type: "number", default: 1 })],
      settings: { "acme.one": { count: "seven", cuont: 7 } },
      configFile,
    });

    expect(info(other.host, "acme.one").problems).toMatchObject([
      {
        code: "CONFIG_INVALID",
        file: configFile,
        line: 2,
        column: 10,
        message: 'The setting "count" of acme.one has to be a number, not a string. Its default is in force.',
      },
      { code: "CONFIG_INVALID", line: 3, column: 3, suggestion: "count" },
    ]);
  });
});

test("a misspelt id of a dependency is told with its place and the id that was meant", async () => {
  const told = await findings(one({ dependsOn: { "acme.englich": "^1.0.0" } }));
  expect(told).toContain("error DEPENDENCY_MISSING /extensionDependencies/acme.englich acme.english");
});

test("points whose schemas take long to prepare are opened up to what one extension may cost", async () => {
  const names = Array.from({ length: 12 }, (_none, index) => `point-${index}`);
  const enumOf = (name: string) => Array.from({ length: 1_400 }, (_none, index) => `${name}-value-${index}`);
  const schema = (name: string) =>
    JSON.stringify({ properties: { value: { anyOf: [{ enum: enumOf(name) }] } } });
  const points = names.map((id) => ({ id, schema: `./${id}.json` }));
  const files = Object.fromEntries(names.map((name) => [`${name}.json`, schema(name)]));
  await using kit = await createTestHost({
    extensions: [one({ manifest: { contributes: { points } }, files })],
  });

  const { problems } = info(kit.host, "acme.one");
  const refused = problems.filter(({ message }) => message.includes("too many or too large together"));
  expect(refused.map(({ path }) => path)).toEqual(
    points.slice(-refused.length).map((_none, index) => `/contributes/points/${12 - refused.length + index}`),
  );
  expect(refused.length).toBeGreaterThan(6);
  expect(refused.length).toBeLessThan(12);
});

describe("ids in the application's settings that no extension has", () => {
  test("are notes, and warnings where an extension has nearly that id", async () => {
    await using kit = await createTestHost({
      extensions: [english],
      disabled: ["acme.nobody"],
      enabled: ["acme.englich"],
      settings: { "acme.english": {}, "other.one": {} },
      grants: { "acme.engish": {} },
      runtimePolicy: { "*": "in-process", "other.*": "worker" },
    });

    expect(kit.host.problems.map(brief)).toEqual([
      "warning CONFIG_UNKNOWN_ID /enabled/0 acme.english",
      "info CONFIG_UNKNOWN_ID /disabled/0",
      "info CONFIG_UNKNOWN_ID /runtimePolicy/other.*",
      "warning CONFIG_UNKNOWN_ID /grants/acme.engish acme.english",
      "info CONFIG_UNKNOWN_ID /settings/other.one",
    ]);
    expect(kit.report.problems.map(brief)).toEqual(kit.host.problems.map(brief));
  });

  test("are none of a disabled extension, nor of one whose manifest is broken", async () => {
    await using kit = await createTestHost({
      extensions: [english, one({ manifest: { engines: { plugboard: "^99.0.0" } } })],
      disabled: ["acme.english", "acme.one"],
    });

    expect(kit.host.problems).toEqual([]);
  });
});
