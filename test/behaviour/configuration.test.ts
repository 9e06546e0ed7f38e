/** Settings: defaults from the manifest, values from the host, changes told. */
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info } from "../support/extensions.js";
import { journal } from "../support/shared.js";

const configurable = aGreeter({
  id: "acme.english",
  contributes: {
    greeters: [{ id: "english", lang: "English" }],
    configuration: [
      { id: "word", type: "string", default: "Hello", description: "The first word." },
      { id: "times", type: "integer", default: 1, enum: [1, 2, 3] },
      { id: "extra", type: "string" },
    ],
  },
  head: `let configuration;`,
  supplies: {
    greeters: {
      english: `{ greet: (name) => JSON.stringify([configuration.all(), configuration.get("word")]) }`,
    },
  },
  activate: `configuration = context.configuration;`,
});

test("settings without a value have their default, those without a default none", async () => {
  await using kit = await createTestHost({ extensions: [configurable] });

  expect(JSON.parse(await greet(kit.host, "english"))).toEqual([{ word: "Hello", times: 1 }, "Hello"]);
});

test("the host's settings win over defaults", async () => {
  await using kit = await createTestHost({
    extensions: [configurable],
    settings: { "acme.english": { word: "Hi", extra: "!" } },
  });

  expect(JSON.parse(await greet(kit.host, "english"))).toEqual([{ word: "Hi", times: 1, extra: "!" }, "Hi"]);
});

test("a running extension is told of new settings and finds them", async () => {
  const log = journal();
  await using kit = await createTestHost({
    extensions: [
      configurable.with({
        activate: `configuration = context.configuration;
          configuration.onDidChange(() => { ${log.tells(`configuration.get("word")`)} });`,
      }),
    ],
  });
  await greet(kit.host, "english");

  kit.host.configure("acme.english", { word: "Hey" });
  expect(JSON.parse(await greet(kit.host, "english"))).toEqual([{ word: "Hey", times: 1 }, "Hey"]);
  expect(log.lines).toEqual(["Hey"]);
  expect(info(kit.host, "acme.english").generation).toBe(1);
});

test("a value that its setting does not allow is CONFIG_INVALID and the default serves", async () => {
  await using kit = await createTestHost({
    extensions: [configurable],
    settings: { "acme.english": { times: 7, word: "Hi" } },
  });

  expect(JSON.parse(await greet(kit.host, "english"))).toEqual([{ word: "Hi", times: 1 }, "Hi"]);
  const found = [...kit.host.problems, ...info(kit.host, "acme.english").problems];
  expect(found.map(({ code }) => code)).toContain("CONFIG_INVALID");
});

test("setting ids belong to their extension", async () => {
  await using kit = await createTestHost({
    extensions: [
      configurable,
      aGreeter({
        id: "acme.other",
        contributes: { configuration: [{ id: "word", type: "string", default: "Other" }] },
      }),
    ],
  });

  expect(
    kit.host
      .contributions("configuration")
      .entries()
      .map(({ id }) => id),
  ).toEqual(["acme.english.word", "acme.english.times", "acme.english.extra", "acme.other.word"]);
  expect(info(kit.host, "acme.other").problems).toEqual([]);
});
