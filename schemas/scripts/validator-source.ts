/** Makes validators that need no ajv at run time. */
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import type { SchemaNode } from "./generated-source.ts";

/** The source of a module whose `validate` checks by the schema. @param head - says where the module comes from */
export function validatorSource(schema: SchemaNode, head: string): string {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    // Length is counted in UTF-16 units, which needs no run-time function of ajv.
    unicode: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    verbose: true,
    // Only says that `unicode` is deprecated; what strict mode finds is thrown.
    logger: false,
    code: { source: true, esm: true, lines: false },
  });
  ajv.addVocabulary(["patternErrorMessage"]);
  const source = standalone
    .default(ajv, ajv.compile(withoutTexts(schema) as SchemaNode))
    .replace(/^"use strict";/, "")
    .replace(/export default \w+;/, "");
  return `// @ts-nocheck\n/* eslint-disable */\n/** ${head} */\n${source}`;
}

/** Descriptions would only make the validator longer. */
function withoutTexts(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutTexts);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) =>
      !(key === "description" && typeof value === "string") && key !== "examples" && key !== "title",
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutTexts(value)]));
}
