import { describe, expect, test } from "vitest";
import { validateManifest } from "../../../schemas/src/validate-manifest.js";

const least = { manifestVersion: 1, id: "acme.english", version: "1.2.0" };

const whole = {
  $schema: "../../schemas/plugin.schema.json",
  ...least,
  displayName: "English greeter",
  description: "Greets in English.",
  publisher: "acme",
  license: "MIT",
  icon: "./icon.svg",
  keywords: ["greeter"],
  repository: { type: "git", url: "https://example.com/english" },
  homepage: "https://example.com",
  engines: { plugboard: "^1.0.0" },
  main: "./extension.js",
  runtime: { kind: "go-plugin", command: "./greeter" },
  activationEvents: ["*", "onStartup", "onStartupFinished", "onGreeter:english", "onCommand:*"],
  contributes: {
    greeters: [{ id: "english", lang: "English" }],
    points: [
      { id: "panels", schema: "./panel.schema.json", methods: { render: 1 }, activationEvent: "onPanel" },
    ],
    configuration: { properties: {} },
    unheard: [1],
  },
  extensionDependencies: { "acme.base": "^1.0.0" },
  optionalExtensionDependencies: ["acme.extra"],
  update: "beside",
  watch: ["templates/**"],
  services: ["plugboard.orders"],
  capabilities: {
    fs: { read: ["./data"] },
    net: ["api.example.com:443"],
    env: true,
    childProcess: false,
    queue: 1,
  },
  group: "acme",
};

/** The findings as short lines: keyword and place. */
const found = (value: unknown): string[] =>
  validateManifest(value).map(({ keyword, path }) => `${keyword} ${path}`);

describe("validateManifest", () => {
  test("the least manifest and one with every field have no findings", () => {
    expect(validateManifest(least)).toEqual([]);
    expect(validateManifest(whole)).toEqual([]);
  });

  test("findings of one manifest are not there for the next", () => {
    expect(found({ ...least, id: 1 })).toEqual(["type /id"]);
    expect(found(least)).toEqual([]);
    expect(found({ ...least, main: 1 })).toEqual(["type /main"]);
  });

  test("all missing fields are found at once", () => {
    expect(validateManifest({}).map((finding) => finding.params)).toEqual([
      { missingProperty: "manifestVersion" },
      { missingProperty: "id" },
      { missingProperty: "version" },
    ]);
  });

  test("an unknown key is found together with the known ones", () => {
    const [finding] = validateManifest({ ...least, engines: { plugbord: "*" } });
    expect(finding).toMatchObject({
      keyword: "additionalProperties",
      path: "/engines",
      params: { additionalProperty: "plugbord", knownProperties: ["plugboard"] },
    });
  });

  test.each([
    ["an upper-case id", { id: "Acme" }, "pattern /id"],
    ["an id with a leading dot", { id: ".acme" }, "pattern /id"],
    ["an id with two dots in a row", { id: "acme..x" }, "pattern /id"],
    ["an id of more than 128 letters", { id: "a".repeat(129) }, "maxLength /id"],
    ["a version of two numbers", { version: "1.2" }, "pattern /version"],
    ["a version with a leading v", { version: "v1.2.0" }, "pattern /version"],
    ["another manifest version", { manifestVersion: 2 }, "const /manifestVersion"],
    ["a main that is no module", { main: "./main.json" }, "pattern /main"],
    ["a runtime without kind", { runtime: { command: "x" } }, "required /runtime"],
    ["a runtime that is a number", { runtime: 3 }, "type /runtime"],
    ["an event with a blank", { activationEvents: ["on start"] }, "pattern /activationEvents/0"],
    ["an asterisk inside an event", { activationEvents: ["on*:x"] }, "pattern /activationEvents/0"],
    ["a section that is a word", { contributes: { greeters: "english" } }, "type /contributes/greeters"],
    [
      "a method with nine arguments",
      { contributes: { points: [{ id: "p", methods: { m: 9 } }] } },
      "maximum /contributes/points/0/methods/m",
    ],
    [
      "a dependency whose id is no id",
      { extensionDependencies: { "A B": "*" } },
      "pattern /extensionDependencies",
    ],
    [
      "a listed dependency whose id is no id",
      { extensionDependencies: ["A"] },
      "pattern /extensionDependencies/0",
    ],
    ["a range that is a number", { extensionDependencies: { a: 1 } }, "type /extensionDependencies/a"],
    ["another way to update", { update: "later" }, "enum /update"],
  ])("%s is one finding", (_, fields, expected) => {
    expect(found({ ...least, ...fields })).toEqual([expected]);
  });
});
