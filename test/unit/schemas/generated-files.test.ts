import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../../schemas/scripts/generated-files.js";

const packageFolder = new URL("../../../schemas/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, packageFolder), "utf8");

type SchemaNode = Record<string, unknown>;

/** Pointers of the fields, items and values of maps below a schema that lack a description. */
function undescribed(node: SchemaNode, pointer = ""): string[] {
  const children: [string, SchemaNode][] = [];
  for (const [key, child] of Object.entries((node.properties ?? {}) as Record<string, SchemaNode>)) {
    children.push([`${pointer}/properties/${key}`, child]);
  }
  if (typeof node.items === "object") children.push([`${pointer}/items`, node.items as SchemaNode]);
  return children.flatMap(([place, child]) => {
    const isField = !place.endsWith("/items");
    const lacks = isField && child.$ref === undefined && typeof child.description !== "string";
    return [...(lacks ? [place] : []), ...undescribed(child, place)];
  });
}

describe("the manifest's schema", () => {
  test("the generated files are those that follow from it", async () => {
    for (const [path, content] of await generatedFiles()) {
      expect(read(path), `${path} is stale: run npm run generate -w @plugboard/schemas`).toBe(content);
    }
  });

  test("the generated validator imports nothing", () => {
    expect(read("src/manifest-validator.ts")).not.toMatch(/\bimport\b|\brequire\(/);
  });

  test("it is a schema of draft 2020-12 that ajv takes in strict mode", () => {
    const ajv = new Ajv2020({
      allowUnionTypes: true,
      strict: true,
      strictTypes: false,
      strictRequired: false,
    });
    ajv.addVocabulary(["patternErrorMessage"]);
    expect(() => ajv.compile(JSON.parse(read("plugin.schema.json")) as object)).not.toThrow();
  });

  test("every field has a description for editors", () => {
    expect(undescribed(JSON.parse(read("plugin.schema.json")) as SchemaNode)).toEqual([]);
  });

  test("editors check the sections of the points that always exist", () => {
    const ajv = new Ajv2020({ strict: false });
    const validate = ajv.compile(JSON.parse(read("plugin.schema.json")) as object);
    const manifest = { manifestVersion: 1, id: "acme.english", version: "1.0.0" };
    expect(validate({ ...manifest, contributes: { greeters: [{ id: "english", lang: "English" }] } })).toBe(
      true,
    );
    expect(validate({ ...manifest, contributes: { greeters: [{ id: "english" }] } })).toBe(false);
  });
});
