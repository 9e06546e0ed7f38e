/** A copy under way is waited for, never counted as broken. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

const english = aGreeter({
  id: "acme.english",
  activationEvents: ["onStartup"],
  head: `import { word } from "./lib/word.js";`,
  supplies: { greeters: { english: "{ greet: (name) => `${word} ${name}` }" } },
  files: { "lib/word.js": `export const word = "Hello";\n` },
});

test.each([
  ["the manifest first", ["plugin.json5", "extension.js", "lib/word.js"]],
  ["the manifest last", ["lib/word.js", "extension.js", "plugin.json5"]],
  ["the main file last", ["lib/word.js", "plugin.json5", "extension.js"]],
])("a slow copy with %s becomes active once whole and never fails", async (_, order) => {
  await using kit = await createTestHost({ watch: true, limits: { incompleteMs: 2_000 } });

  await english.writeSlowly(kit.folder, { pauseMs: 25, pieces: 3, order });
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("Hello World"));
  expect(kit.record.kinds("acme.english")).not.toContain("failed");
  expect(info(kit.host, "acme.english").problems).toEqual([]);
});

test("a load that fails soon after the folder's last event is INCOMPLETE, later it is failed", async () => {
  await using kit = await createTestHost({ watch: true, limits: { incompleteMs: 400 } });

  await english.writeSlowly(kit.folder, { pauseMs: 1, order: ["plugin.json5", "extension.js"] });
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({
      state: "blocked",
      reason: { code: "INCOMPLETE" },
    }),
  );
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({
      state: "failed",
      reason: { code: "MODULE_NOT_FOUND" },
    }),
  );
});

test("a file that comes after the extension was given up repairs it", async () => {
  await using kit = await createTestHost({ watch: true, limits: { incompleteMs: 20 } });
  await english.writeSlowly(kit.folder, { pauseMs: 1, order: ["plugin.json5", "extension.js"] });
  await eventually(() => expect(info(kit.host, "acme.english").state).toBe("failed"));

  await mkdir(join(kit.folder, "acme.english/lib"));
  await writeFile(join(kit.folder, "acme.english/lib/word.js"), `export const word = "Late";`);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("Late World"));
});

test("an update in halves keeps the old generation serving until it is whole", async () => {
  await using kit = await createTestHost({
    watch: true,
    limits: { incompleteMs: 2_000 },
    extensions: [english],
  });
  expect(await greet(kit.host, "english")).toBe("Hello World");

  const answers = new Set<string>();
  const asking = new AbortController();
  const asked = (async () => {
    while (!asking.signal.aborted) {
      answers.add(await greet(kit.host, "english"));
      await new Promise((next) => setImmediate(next));
    }
  })();
  await english
    .with({
      version: "2.0.0",
      head: `import { word } from "./lib/other.js";`,
      files: { "lib/other.js": `export const word = "Hi";\n` },
    })
    .writeSlowly(kit.folder, {
      pauseMs: 20,
      pieces: 4,
      order: ["plugin.json5", "extension.js", "lib/other.js"],
    });
  await eventually(() => expect(info(kit.host, "acme.english").version).toBe("2.0.0"));
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("Hi World"));
  asking.abort();
  await asked;

  expect([...answers].filter((answer) => !/^(Hello|Hi) World$/.test(answer))).toEqual([]);
  expect(kit.record.kinds("acme.english")).not.toContain("failed");
});

test("a folder without a manifest is no extension and becomes one when the manifest comes", async () => {
  await using kit = await createTestHost({ watch: true });
  await english.writeSlowly(kit.folder, { pauseMs: 0, order: ["extension.js", "lib/word.js"] });
  await kit.host.rescan();
  expect(kit.host.extensions.get("acme.english")).toBeUndefined();

  await english.writeTo(kit.folder);
  await eventually(async () => expect(await greet(kit.host, "english")).toBe("Hello World"));
});

test("a folder that loses its files while it is removed takes its extension along, without a failure", async () => {
  await using kit = await createTestHost({ watch: true, extensions: [english] });
  const folder = join(kit.folder, "acme.english");

  await rm(join(folder, "lib"), { recursive: true });
  await rm(join(folder, "extension.js"));
  await rm(folder, { recursive: true });
  await eventually(() => expect(kit.host.extensions.size).toBe(0));
  expect(kit.record.kinds("acme.english")).not.toContain("failed");
});

test("a manifest that breaks before its extension was first called is told to whoever calls, and afterwards", async () => {
  const lazy = english.with({ activationEvents: [] });
  await using kit = await createTestHost({
    watch: true,
    limits: { incompleteMs: 600 },
    extensions: [lazy],
  });
  await writeFile(join(kit.folder, "acme.english", "plugin.json5"), `{ id: "acme.english", `);
  await eventually(() =>
    expect(info(kit.host, "acme.english")).toMatchObject({
      state: "blocked",
      reason: { code: "INCOMPLETE" },
    }),
  );

  expect(await rejection(greet(kit.host, "english"))).toMatchObject({ code: "MANIFEST_SYNTAX" });
  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "invalid",
    problems: [{ code: "MANIFEST_SYNTAX" }],
  });
  expect(kit.host.explain("acme.english").format()).toContain("MANIFEST_SYNTAX");
});

test("a call that comes while a manifest is half written is answered once it is whole", async () => {
  const lazy = english.with({ activationEvents: [] });
  await using kit = await createTestHost({
    watch: true,
    limits: { incompleteMs: 4_000 },
    extensions: [lazy],
  });
  const file = join(kit.folder, "acme.english", "plugin.json5");
  await writeFile(file, `{ id: "acme.english", `);
  await eventually(() => expect(info(kit.host, "acme.english").state).toBe("blocked"));

  const call = greet(kit.host, "english");
  await writeFile(file, lazy.files["plugin.json5"] ?? "");
  expect(await call).toBe("Hello World");
});
