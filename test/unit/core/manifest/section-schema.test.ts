import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFlatSchema } from "../../../../core/src/manifest/flat-schema.js";
import { SectionChecker } from "../../../../core/src/manifest/section-schema.js";

const greeter = {
  type: "object",
  required: ["lang"],
  properties: { lang: { type: "string", description: "Language that it greets in." } },
};
const strictGreeter = { ...greeter, additionalProperties: false };

const check = (section: unknown, schema: object): string[] =>
  new SectionChecker()
    .check(section, schema)
    .map(({ code, severity, path, message, suggestion, key }) =>
      [
        key ? "key" : "value",
        path,
        severity,
        code,
        message,
        ...(suggestion === undefined ? [] : [`(${suggestion})`]),
      ].join(" "),
    );

describe("SectionChecker", () => {
  test("a section that fits has no findings", () => {
    expect(check([{ id: "english", lang: "English" }], greeter)).toEqual([]);
    expect(
      check(
        [
          { id: "a", lang: "A", more: 1 },
          { id: "b", lang: "B" },
        ],
        greeter,
      ),
    ).toEqual([]);
    expect(check([], greeter)).toEqual([]);
  });

  test("each mistake is one finding at its place in the section", () => {
    const section = [
      { id: "a", lan: "x" },
      { id: "b", lang: 3 },
      { lang: "x" },
      7,
      { id: "No Id", lang: "x" },
      { id: "c", lang: "x", colour: 1 },
      { id: 5, lang: "x" },
      {},
    ];
    expect(check(section, strictGreeter)).toEqual([
      `key /0/lan error CONTRIBUTION_INVALID The contribution needs "lang"; "lan" is not known. (lang)`,
      `value /1/lang error CONTRIBUTION_INVALID "lang" has to be a string, not a number.`,
      `value /2 error CONTRIBUTION_INVALID The contribution needs "id".`,
      `value /3 error CONTRIBUTION_INVALID A contribution has to be an object.`,
      `value /4/id error CONTRIBUTION_INVALID "id" has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them.`,
      `key /5/colour warning MANIFEST_UNKNOWN_KEY The key "colour" is not known.`,
      `value /6/id error CONTRIBUTION_INVALID "id" has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them.`,
      `value /7 error CONTRIBUTION_INVALID The contribution needs "id".`,
      `value /7 error CONTRIBUTION_INVALID The contribution needs "lang".`,
    ]);
  });

  test("an id that is contributed again is found at the later one", () => {
    const section = ["a", "b", "a", "a"].map((id) => ({ id, lang: "x" }));
    expect(new SectionChecker().check(section, greeter)).toMatchObject([
      { code: "CONTRIBUTION_DUPLICATE", severity: "error", path: "/2/id", key: false },
      { code: "CONTRIBUTION_DUPLICATE", severity: "error", path: "/3/id", key: false },
    ]);
  });

  test("a section that is no array is one finding, unless the schema describes the whole section", () => {
    expect(check({ id: "a" }, greeter)).toEqual([
      "value  error CONTRIBUTION_INVALID The section has to be an array of contributions.",
    ]);
    const whole = { type: ["object", "array"], properties: { title: { type: "string" } } };
    expect(check({ title: "x" }, whole)).toEqual([]);
    expect(check({ title: 1 }, whole)).toEqual([
      `value /title error CONTRIBUTION_INVALID "title" has to be a string, not a number.`,
    ]);
  });

  test("a schema of type array describes the whole section, whose items need no id", () => {
    const schema = { type: "array", maxItems: 2, items: { type: "string" } };
    expect(check(["a", "b"], schema)).toEqual([]);
    expect(check(["a", "b", 3], schema)).toEqual([
      "value  error CONTRIBUTION_INVALID The section has to have at most 2 items.",
      `value /2 error CONTRIBUTION_INVALID "[2]" has to be a string, not a number.`,
    ]);
  });

  test("what a schema asks of the id counts beside the host's own pattern", () => {
    const schema = { type: "object", properties: { id: { type: "string", maxLength: 3 } } };
    expect(check([{ id: "long" }], schema)).toEqual([
      `value /0/id error CONTRIBUTION_INVALID "id" has to have at most 3 characters.`,
    ]);
    expect(check([{ id: "Long" }], schema)).toHaveLength(1);
  });

  test("a value that is not among those allowed gets the nearest one as suggestion", () => {
    const schema = { type: "object", properties: { side: { enum: ["left", "right"] } } };
    expect(check([{ id: "a", side: "rihgt" }], schema)).toEqual([
      `value /0/side error CONTRIBUTION_INVALID "side" has to be "left" or "right", not "rihgt". (right)`,
    ]);
  });

  test("schemas of other drafts, with the same $id and asynchronous ones are used as they are", () => {
    const checker = new SectionChecker();
    for (const maxLength of [1, 2]) {
      const schema = {
        $schema: "http://json-schema.org/draft-07/schema#",
        $id: "urn:example:panel",
        $async: true,
        type: "object",
        properties: { title: { type: "string", maxLength } },
      };
      expect(checker.check([{ id: "a", title: "x".repeat(maxLength) }], schema)).toEqual([]);
      expect(checker.check([{ id: "a", title: "xxx" }], schema)).toHaveLength(1);
    }
  });

  test("a schema may ask for a value that is itself a JSON Schema", () => {
    const schema = {
      type: "object",
      properties: { shape: { $ref: "https://json-schema.org/draft/2020-12/schema" } },
    };
    expect(check([{ id: "a", shape: { type: "string" } }], schema)).toEqual([]);
    expect(new SectionChecker().check([{ id: "a", shape: { minLength: "x" } }], schema)).toMatchObject([
      { path: "/0/shape/minLength" },
    ]);
  });

  test("a schema that can't be used is told about, and throws when it is used all the same", () => {
    const checker = new SectionChecker();
    const broken = { type: "object", properties: { x: { $ref: "#/nowhere" } } };
    expect(checker.faultOfSchema(broken)).toMatch(/can't resolve reference/);
    expect(() => checker.check([{ id: "a", x: 1 }], broken)).toThrow(TypeError);
    expect(checker.faultOfSchema({ type: "nothing" })).toMatch(/can't be used/);
    expect(checker.faultOfSchema(greeter)).toBeUndefined();
  });
});

test("a field whose name every object inherits is missing unless the item has it", () => {
  const schema = { type: "object", required: ["toString"], minProperties: 1 };
  expect(check([{ id: "a" }], schema)).toEqual([
    `value /0 error CONTRIBUTION_INVALID The contribution needs "toString".`,
  ]);
});

describe("compileFlatSchema", () => {
  const fieldSchema = fc.constantFrom(
    {},
    { type: "string" },
    { type: "string", minLength: 0 },
    { type: "string", minLength: 1 },
    { type: "number", title: "x" },
    { type: "boolean" },
    { type: "array" },
    { type: "object" },
    { type: "object", minProperties: 1, additionalProperties: { type: "string", minLength: 1 } },
    { type: "array", minItems: 2, items: { type: "string" } },
    { type: "array", items: { anyOf: [{ type: "number" }, { type: "array", minItems: 1 }] } },
    { description: "x", anyOf: [{ type: "boolean" }, { type: "array", items: { type: "number" } }] },
  );
  const name = fc.constantFrom("id", "lang", "name", "toString");
  const flatSchema = fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(
        name.filter((each) => each !== "id"),
        fieldSchema,
      ),
      required: fc.uniqueArray(name),
      additionalProperties: fc.boolean(),
    },
    { requiredKeys: ["type"] },
  );
  const item = fc
    .dictionary(
      name,
      fc.constantFrom<unknown>(
        "x",
        "",
        1,
        true,
        null,
        [],
        ["x"],
        ["x", ""],
        [1, [NaN]],
        [[]],
        {},
        { x: "x" },
        { x: "" },
        NaN,
      ),
    )
    .map((fields) => ({ ...fields, id: "a" }));

  test("its check agrees with ajv about every flat schema and item", () => {
    fc.assert(
      fc.property(flatSchema, item, (schema, value) => {
        const properties = { id: {}, ...(schema.properties ?? {}) };
        const validate = new Ajv2020({ ownProperties: true, strict: false, strictNumbers: true }).compile({
          ...schema,
          properties,
        });
        expect(compileFlatSchema(schema)?.(value)).toBe(validate(value));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    { type: "object", properties: { lang: { type: "string", minLength: 2 } } },
    { type: "object", properties: { lang: { minLength: 1 } } },
    { type: "object", properties: { lang: { enum: ["a"] } } },
    { type: "object", properties: { lang: { type: ["string", "null"] } } },
    { type: "object", properties: { lang: true } },
    { type: "object", properties: { lang: { type: "array", items: { enum: ["a"] } } } },
    { type: "object", properties: { lang: { type: "array", uniqueItems: true } } },
    { type: "object", properties: { lang: { type: "string", anyOf: [{}] } } },
    { type: "object", properties: { lang: { anyOf: [] } } },
    { type: "object", properties: { lang: { type: "object", required: ["x"] } } },
    { type: "object", properties: { lang: { type: "object", additionalProperties: false } } },
    { type: "object", properties: { id: { type: "string", maxLength: 3 } } },
    { type: "object", additionalProperties: { type: "string" } },
    { type: "object", minProperties: 2 },
    { properties: {} },
    { anyOf: [] },
  ])("%j is left to ajv", (schema) => {
    expect(compileFlatSchema(schema)).toBeUndefined();
  });
});
