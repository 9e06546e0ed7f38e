/** The slots that applications and extensions open, and what may go into them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { contributionPoint, greeters, serviceToken } from "@plugboard/core";
import { anExtension, createTestHost } from "@plugboard/core/testing";
import { describe, expect, test } from "vitest";
import { aGreeter, greet, ids, info } from "../support/extensions.js";

interface Panel {
  readonly title: string;
  render(width: number): string;
}
const Panel = serviceToken<Panel>("test.panel");
const panels = contributionPoint<Panel>()({
  id: "panels",
  token: Panel,
  schema: {
    type: "object",
    properties: { title: { type: "string" }, side: { enum: ["left", "right"] } },
    required: ["title"],
  },
  methods: { render: 1 },
  activationEvent: (panel) => `onPanel:${panel.id}`,
});
const anyPanel = anExtension({
  id: "acme.panel",
  contributes: { panels: [{ id: "clock", title: "Clock" }] },
  supplies: { panels: { clock: "{ render: (width) => '#'.repeat(width) }" } },
});

test("an application opens a point of its own with the function that made greeters", async () => {
  await using kit = await createTestHost({ points: [panels], extensions: [anyPanel] });
  const [panel] = kit.host.contributions(panels);

  expect(panel?.title).toBe("Clock");
  expect(await panel?.render(3)).toBe("###");
  expect(kit.host.points).toContain("panels");
  expect(info(kit.host, "acme.panel").activatedBy).toBe("onPanel:clock");
});

const opener = anExtension({
  id: "acme.opener",
  contributes: {
    points: [
      { id: "panels", schema: "./panel.schema.json", methods: { render: 1 }, activationEvent: "onPanel" },
    ],
  },
  files: { "panel.schema.json": JSON.stringify(panels.schema) },
});

test("an extension opens a point by its manifest, without running code", async () => {
  await using kit = await createTestHost({ extensions: [anyPanel, opener] });

  expect(ids(kit.host, "panels")).toEqual(["clock"]);
  expect(info(kit.host, "acme.opener").state).toBe("ready");
  expect(await kit.host.call("panels", "clock", "render", [2])).toBe("##");
  expect(info(kit.host, "acme.panel").activatedBy).toBe("onPanel:clock");
  expect(info(kit.host, "acme.panel").problems).toEqual([]);
});

test("an extension sees what others contribute to the point it opens", async () => {
  await using kit = await createTestHost({
    extensions: [
      anyPanel,
      opener.with({
        contributes: { ...opener.sketch.contributes, commands: [{ id: "draw", title: "Draw" }] },
        head: `let panels;`,
        supplies: {
          commands: {
            draw: "{ execute: () => Promise.all([...panels].map((panel) => panel.render(4))) }",
          },
        },
        activate: `panels = context.contributions("panels");`,
      }),
    ],
  });

  expect(await kit.host.executeCommand("draw")).toEqual(["####"]);
});

test("a point leaves with the extension that opened it, and comes back with it", async () => {
  await using kit = await createTestHost({ extensions: [anyPanel, opener] });

  await kit.remove(opener);
  await kit.host.rescan();
  expect(kit.host.points).not.toContain("panels");
  expect(info(kit.host, "acme.panel").problems.map(({ code }) => code)).toEqual(["MANIFEST_UNKNOWN_POINT"]);

  await kit.write(opener);
  await kit.host.rescan();
  expect(ids(kit.host, "panels")).toEqual(["clock"]);
  expect(info(kit.host, "acme.panel").problems).toEqual([]);
});

test("a point that opens after an update has what the update contributes to it", async () => {
  const silent = anyPanel.with({ supplies: {} });
  await using kit = await createTestHost({ extensions: [silent.with({ contributes: {} })] });
  await kit.host.activate("acme.panel");
  await kit.write(silent.with({ version: "2.0.0" }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.panel")).toMatchObject({ state: "active", version: "2.0.0" });

  await kit.write(opener);
  await kit.host.rescan();
  expect(ids(kit.host, "panels")).toEqual(["clock"]);
});

test("an update that opens a point which is open already says so", async () => {
  const plain = anExtension({ id: "acme.late" });
  await using kit = await createTestHost({ extensions: [plain, opener] });
  await kit.host.activate("acme.late");
  await kit.write(plain.with({ version: "2.0.0", contributes: { points: [{ id: "panels" }] } }));
  await kit.host.rescan();
  expect(info(kit.host, "acme.late")).toMatchObject({ state: "active", version: "2.0.0" });
  expect(info(kit.host, "acme.late").problems).toMatchObject([
    { severity: "error", line: expect.any(Number) },
  ]);
});

test("a section that no point claims is a warning with a suggestion, and the extension runs", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.typo",
        activationEvents: ["onStartup"],
        contributes: { greters: [{ id: "typo", lang: "Typo" }] },
      }),
    ],
  });

  expect(info(kit.host, "acme.typo")).toMatchObject({
    state: "active",
    problems: [
      {
        code: "MANIFEST_UNKNOWN_POINT",
        severity: "warning",
        path: "/contributes/greters",
        suggestion: expect.stringContaining("greeters") as string,
      },
    ],
  });
});

test("a section that breaks its point's schema is an error at the place in the text", async () => {
  const broken = anExtension({
    id: "acme.panel",
    contributes: { panels: [{ id: "clock", title: "Clock", side: "lfet" }] },
    supplies: { panels: { clock: "{ render: () => '' }" } },
  });
  await using kit = await createTestHost({ points: [panels], extensions: [broken] });
  const file = join(kit.folder, "acme.panel", "plugin.json5");
  const lines = (await readFile(file, "utf8")).split("\n");
  const line = lines.findIndex((text) => text.includes(`"lfet"`)) + 1;

  expect(info(kit.host, "acme.panel")).toMatchObject({
    state: "invalid",
    problems: [
      {
        code: "CONTRIBUTION_INVALID",
        severity: "error",
        file,
        line,
        column: (lines[line - 1]?.indexOf(`"lfet"`) ?? 0) + 1,
        path: "/contributes/panels/0/side",
        suggestion: expect.stringContaining("left") as string,
      },
    ],
  });
  expect(ids(kit.host, "panels")).toEqual([]);
});

test("a contribution id outside the pattern is an error, and so is one given twice", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.pattern", contributes: { greeters: [{ id: "Not Good", lang: "X" }] } }),
      anExtension({
        id: "acme.twice",
        contributes: {
          greeters: [
            { id: "one", lang: "X" },
            { id: "one", lang: "Y" },
          ],
        },
      }),
    ],
  });

  expect(info(kit.host, "acme.pattern").state).toBe("invalid");
  expect(info(kit.host, "acme.twice").problems.map(({ code }) => code)).toEqual(["CONTRIBUTION_DUPLICATE"]);
});

test("a clash of contribution ids goes to the first extension by precedence and is reported", async () => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({ id: "acme.b", contributes: { greeters: [{ id: "hello", lang: "B" }] } }),
      aGreeter({ id: "acme.a", contributes: { greeters: [{ id: "hello", lang: "A" }] } }),
    ],
  });

  expect(kit.host.contributions(greeters).get("hello")?.lang).toBe("A");
  expect(info(kit.host, "acme.b").problems).toMatchObject([
    { code: "CONTRIBUTION_SHADOWED", path: "/contributes/greeters/0/id" },
  ]);
  expect(info(kit.host, "acme.a").problems).toEqual([]);
});

test("a shadowed contribution takes over when the first one leaves, as one change", async () => {
  const first = aGreeter({ id: "acme.a", contributes: { greeters: [{ id: "hello", lang: "A" }] } });
  await using kit = await createTestHost({
    extensions: [first, aGreeter({ id: "acme.b", contributes: { greeters: [{ id: "hello", lang: "B" }] } })],
  });
  kit.record.clear();

  await kit.remove(first);
  await kit.host.rescan();
  expect(kit.record.changes).toEqual([{ point: "greeters", added: [], changed: ["hello"], removed: [] }]);
  expect(kit.host.contributions(greeters).entries()).toMatchObject([
    { id: "hello", extensionId: "acme.b", item: { lang: "B" } },
  ]);
  expect(info(kit.host, "acme.b").problems).toEqual([]);
  expect(await greet(kit.host, "hello")).toBe("hello 1.0.0: World");
});

test("contributions are listed by folder precedence, extension id and place in the manifest", async () => {
  const second = anExtension({
    id: "aaa.second",
    contributes: { greeters: [{ id: "last", lang: "X" }] },
  });
  await using kit = await createTestHost({ start: "manual" });
  await using other = await createTestHost({
    extensionFolders: [kit.folder],
    extensions: [
      anExtension({
        id: "acme.b",
        folder: "0-first-by-folder",
        contributes: { greeters: [{ id: "b", lang: "X" }] },
      }),
      anExtension({
        id: "acme.a",
        contributes: {
          greeters: [
            { id: "z", lang: "X" },
            { id: "y", lang: "X" },
          ],
        },
      }),
    ],
  });
  await kit.write(second);
  await other.host.rescan();

  expect(ids(other.host, "greeters")).toEqual(["z", "y", "b", "last"]);
});

test("a delta carries what was added, changed and removed, after the collection shows it", async () => {
  const english = aGreeter({ id: "acme.english" });
  const spanish = aGreeter({ id: "acme.spanish" });
  await using kit = await createTestHost({ extensions: [english, spanish] });
  const seen: unknown[] = [];
  const collection = kit.host.contributions(greeters);
  collection.onDidChange((delta) =>
    seen.push([
      delta.added.map(({ id }) => id),
      delta.changed.map(({ id, item }) => [id, item.lang]),
      delta.removed.map(({ id }) => id),
      [...collection].map(({ id }) => id),
    ]),
  );

  await kit.remove(spanish);
  await kit.write(
    english.with({ contributes: { greeters: [{ id: "english", lang: "British" }] } }),
    aGreeter({ id: "acme.french" }),
  );
  await kit.host.rescan();

  expect(seen.flatMap((entry) => (entry as unknown[])[0])).toEqual(["french"]);
  expect(seen.flatMap((entry) => (entry as unknown[])[1])).toEqual([["english", "British"]]);
  expect(seen.flatMap((entry) => (entry as unknown[])[2])).toEqual(["spanish"]);
  expect((seen.at(-1) as unknown[])[3]).toEqual(["english", "french"]);
});

test("a listener that throws keeps neither the others nor the registry from going on", async () => {
  const seen: string[] = [];
  await using kit = await createTestHost();
  const collection = kit.host.contributions(greeters);
  collection.onDidChange(() => {
    throw new Error("listener");
  });
  collection.onDidChange((delta) => seen.push(...delta.added.map(({ id }) => id)));
  kit.host.extensions.onDidChange(() => {
    throw new Error("listener");
  });
  kit.host.onDidChangeContributions(() => {
    throw new Error("listener");
  });

  await kit.write(aGreeter({ id: "acme.english" }), aGreeter({ id: "acme.spanish" }));
  await kit.host.rescan();
  expect(seen).toEqual(["english", "spanish"]);
  expect(ids(kit.host, "greeters")).toEqual(["english", "spanish"]);
  expect(await greet(kit.host, "spanish")).toBe("spanish 1.0.0: World");
});

describe.each(["in-process", "worker", "process"])(
  "an extension in the runtime %s that supplies",
  (runtime) => {
    const supplying = async (activate: string) => {
      await using kit = await createTestHost({
        extensions: [
          anExtension({
            id: "acme.extra",
            contributes: { greeters: [{ id: "english", lang: "English" }], commands: [{ id: "go" }] },
            activationEvents: ["onStartup"],
            source: `export function activate(context) {\n  ${activate}\n}\n`,
            manifest: { runtime },
          }),
        ],
      });
      const { state, problems, folder } = info(kit.host, "acme.extra");
      expect(state).toBe("failed");
      return { problem: problems.find(({ severity }) => severity === "error"), folder };
    };

    test.each([
      ["greeters", "englich", `It declares "english". Did you mean "english"?`],
      ["greeters", "more", `It declares "english".`],
      [
        "greters",
        "english",
        `It declares nothing under greters, but "greeters", "commands". Did you mean "greeters"?`,
      ],
    ])(
      "%s %s, which its manifest does not declare, is told what it declares and where",
      async (point, id, text) => {
        const { problem, folder } = await supplying(
          `context.contribute("${point}", "${id}", { greet: () => "" });`,
        );
        expect(problem).toMatchObject({
          code: "CONTRIBUTION_UNDECLARED",
          file: join(folder, "extension.js"),
          line: 2,
          message: `acme.extra contributes ${point} "${id}", which its manifest does not declare. ${text}`,
        });
      },
    );

    test.each([
      [`context.contribute("greeters", "english");`, /third argument, not undefined/],
      [`context.contribute("greeters", "english", "hello");`, /third argument, not the text "hello"/],
      [`context.contribute(undefined, "english", {});`, /first argument, not undefined/],
      [
        `context.services.get("shop.orders");`,
        /takes the token of a service, not the text "shop.orders": .*serviceToken\("shop.orders"\)/,
      ],
      [`context.services.get(undefined);`, /takes the token of a service, not undefined/],
    ])("something else by %s is told what to hand over and where", async (activate, message) => {
      const { problem, folder } = await supplying(activate);
      expect(problem).toMatchObject({ code: "CALL_INVALID", file: join(folder, "extension.js"), line: 2 });
      expect(problem?.message).toMatch(message);
    });
  },
);

test("a declared contribution that is not supplied is a Problem and its calls get CALL_UNKNOWN_TARGET", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({
        id: "acme.forgets",
        contributes: {
          greeters: [
            { id: "given", lang: "X" },
            { id: "forgotten", lang: "X" },
          ],
        },
        source: `export function activate(context) {
          context.contribute("greeters", "given", { greet: () => "here" });
        }`,
      }),
    ],
  });

  expect(await greet(kit.host, "given")).toBe("here");
  await expect(greet(kit.host, "forgotten")).rejects.toMatchObject({ code: "CALL_UNKNOWN_TARGET" });
  expect(info(kit.host, "acme.forgets").problems).toMatchObject([
    { code: "CONTRIBUTION_MISSING", extensionId: "acme.forgets" },
  ]);
});

test("a second opener of a point is refused with CONTRIBUTION_POINT_TAKEN", async () => {
  await using kit = await createTestHost({ points: [panels], extensions: [opener, anyPanel] });

  expect(info(kit.host, "acme.opener").problems.map(({ code }) => code)).toEqual([
    "CONTRIBUTION_POINT_TAKEN",
  ]);
  expect(await kit.host.contributions(panels).get("clock")?.render(1)).toBe("#");
});

test("asking for a point that nobody opened is CALL_UNKNOWN_TARGET", async () => {
  await using kit = await createTestHost();

  expect(() => kit.host.contributions("nothing")).toThrow(
    expect.objectContaining({ code: "CALL_UNKNOWN_TARGET" }),
  );
});

test("commands take any arguments and are executed by id", async () => {
  await using kit = await createTestHost({
    extensions: [anExtension({ id: "acme.hello", contributes: { commands: [{ id: "acme.hello" }] } })],
  });

  expect(await kit.host.executeCommand("acme.hello", 1, "two")).toEqual(["acme.hello", "1.0.0", 1, "two"]);
  await expect(kit.host.executeCommand("acme.nothing")).rejects.toMatchObject({
    code: "CALL_UNKNOWN_TARGET",
  });
});
