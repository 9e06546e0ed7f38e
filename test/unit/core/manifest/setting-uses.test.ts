import { expect, test } from "vitest";
import { settingUses } from "../../../../core/src/manifest/setting-uses.js";

const file = { format: "extension-file" } as const;

test("files are found by properties, lists, references, parts and choices, with their places", () => {
  const schema = {
    properties: {
      main: { $ref: "#/$defs/file" },
      more: { items: file },
      "a/b": { allOf: [{ type: "string" }, file] },
      proto: { anyOf: [{ const: "reflection" }, file] },
      plain: { type: "string" },
    },
    additionalProperties: { properties: { inner: file } },
    $defs: { file },
  };
  const settings = {
    main: "m",
    more: ["x", 5, "y"],
    "a/b": "z",
    proto: "p",
    plain: "no",
    other: { inner: "i" },
  };
  expect(settingUses(settings, schema)).toEqual([
    { ...file, text: "m", pointer: "/main" },
    { ...file, text: "x", pointer: "/more/0" },
    { ...file, text: "y", pointer: "/more/2" },
    { ...file, text: "z", pointer: "/a~1b" },
    { ...file, text: "p", pointer: "/proto" },
    { ...file, text: "i", pointer: "/other/inner" },
  ]);
  expect(settingUses({ proto: "reflection" }, schema)).toEqual([]);
});

test("what is for one platform says so, and which platforms there are", () => {
  const schema = { propertyNames: { format: "platform" }, additionalProperties: file };
  expect(settingUses({ linux: "./a", "win32-x64": "./b" }, schema)).toEqual([
    { format: "platform", names: ["linux", "win32-x64"], pointer: "" },
    { ...file, text: "./a", pointer: "/linux", platform: "linux" },
    { ...file, text: "./b", pointer: "/win32-x64", platform: "win32-x64" },
  ]);
});

test("ids belong to the point whose name they stand below", () => {
  const schema = {
    propertyNames: { format: "contributed-point" },
    additionalProperties: { propertyNames: { format: "contribution-id" } },
  };
  expect(settingUses({ greeters: { english: {} } }, schema)).toEqual([
    { format: "contributed-point", text: "greeters", pointer: "/greeters", point: "greeters" },
    { format: "contribution-id", text: "english", pointer: "/greeters/english", point: "greeters" },
  ]);
  expect(settingUses({ english: {} }, schema.additionalProperties)).toEqual([]);
});

test("a schema that refers to itself, or multiplies its choices, is given up", () => {
  expect(settingUses("x", { $ref: "#" })).toEqual([]);
  expect(settingUses("x", { $ref: "#/$defs/__proto__" })).toEqual([]);
  expect(settingUses("x", { $ref: "https://example.com/schema.json" })).toEqual([]);
  const twice = { allOf: [{ $ref: "#/$defs/twice" }, { $ref: "#/$defs/twice" }] };
  expect(settingUses("x", { ...twice, $defs: { twice } })).toEqual([]);
});
