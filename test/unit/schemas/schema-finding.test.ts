import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { schemaFindings, type ValidatorError } from "../../../schemas/src/schema-finding.js";

function findingsOf(schema: object, value: unknown): string[] {
  const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(schema);
  validate(value);
  const findings = schemaFindings((validate.errors ?? []) as ValidatorError[]);
  return findings.map(({ keyword, path, params }) => `${keyword} ${path} ${JSON.stringify(params)}`);
}

describe("schemaFindings", () => {
  test("a choice between types is one finding that names them all", () => {
    const schema = { anyOf: [{ type: "string" }, { type: "object" }] };
    expect(findingsOf(schema, 3)).toEqual(['type  {"type":["string","object"]}']);
  });

  test("a choice between fixed values is one finding that lists them", () => {
    const schema = { properties: { size: { oneOf: [{ const: "small" }, { enum: ["large", "huge"] }] } } };
    expect(findingsOf(schema, { size: "medium" })).toEqual([
      'enum /size {"allowedValues":["small","large","huge"]}',
    ]);
  });

  test("what stands below a choice is told when the branches agree on it", () => {
    const branch = { type: "object", properties: { kind: { type: "string" } } };
    expect(findingsOf({ anyOf: [{ type: "string" }, branch] }, { kind: 1 })).toEqual([
      'type /kind {"type":"string"}',
    ]);
  });

  test("branches that are references are merged as well", () => {
    const schema = {
      $defs: { word: { type: "string" }, count: { type: "number" } },
      properties: { x: { anyOf: [{ $ref: "#/$defs/word" }, { $ref: "#/$defs/count" }] } },
    };
    expect(findingsOf(schema, { x: true })).toEqual(['type /x {"type":["string","number"]}']);
  });

  test("other mistakes beside a choice stay", () => {
    const schema = {
      properties: { x: { anyOf: [{ type: "string" }, { type: "number" }] }, y: { type: "string" } },
    };
    expect(findingsOf(schema, { x: true, y: 1 })).toEqual([
      'type /x {"type":["string","number"]}',
      'type /y {"type":"string"}',
    ]);
  });

  test("a choice within a choice is one finding", () => {
    const inner = { anyOf: [{ type: "string" }, { type: "number" }] };
    expect(findingsOf({ anyOf: [inner, { type: "array" }] }, true)).toHaveLength(1);
  });
});
