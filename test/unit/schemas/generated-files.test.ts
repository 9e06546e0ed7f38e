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

describe("the schemas", () => {
  test("the generated files are those that follow from them", async () => {
    for (const [path, content] of await generatedFiles()) {
      expect(read(path), `${path} is stale: run npm run generate -w @plugboard/schemas`).toBe(content);
    }
  });

  test.each(["src/manifest-validator.ts", "src/config-validator.ts", "src/frame-fault.ts"])(
    "the generated %s imports nothing",
    (path) => {
      expect(read(path)).not.toMatch(/\bimport\b|\brequire\(/);
    },
  );

  test.each(["plugin.schema.json", "frame.schema.json"])(
    "%s is one that ajv takes in strict mode",
    (path) => {
      const ajv = new Ajv2020({
        allowUnionTypes: true,
        strict: true,
        strictTypes: false,
        strictRequired: false,
      });
      ajv.addVocabulary(["patternErrorMessage"]);
      expect(() => ajv.compile(JSON.parse(read(path)) as object)).not.toThrow();
    },
  );

  test("every field of a manifest has a description for editors", () => {
    expect(undescribed(JSON.parse(read("plugin.schema.json")) as SchemaNode)).toEqual([]);
  });

  test("every field of every frame has a description", () => {
    const { $defs } = JSON.parse(read("frame.schema.json")) as { $defs: Record<string, SchemaNode> };
    const definitions = Object.entries($defs);
    expect(definitions.flatMap(([name, node]) => undescribed(node, name))).toEqual([]);
    expect(definitions.filter(([, node]) => typeof node.description !== "string")).toEqual([]);
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
