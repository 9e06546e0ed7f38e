/** Makes what follows from plugin.schema.json: the manifest's type and its validator. */
import { readFileSync } from "node:fs";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { format, generatedFrom, type SchemaNode } from "./generated-source.ts";
import { validatorSource } from "./validator-source.ts";

const head = generatedFrom("plugin.schema.json");

/** Contents by path relative to the package. */
export async function manifestFiles(): Promise<readonly (readonly [path: string, content: string])[]> {
  const text = readFileSync(new URL("../plugin.schema.json", import.meta.url), "utf8");
  const schema = hostSchema(JSON.parse(text) as SchemaNode);
  return [
    ["src/manifest.ts", await format(await typeSource(schema))],
    ["src/manifest-validator.ts", await format(validatorSource(schema, head))],
  ];
}

/**
 * The schema without what only editors use: the sections of known points are checked at run time by the
 * schema that each point brings, and one mistake must not be found twice.
 */
function hostSchema(schema: SchemaNode): SchemaNode {
  const copy = structuredClone(schema);
  const contributes = (copy.properties as Record<string, SchemaNode>).contributes as SchemaNode;
  contributes.properties = { points: (contributes.properties as SchemaNode).points };
  delete copy.$defs;
  return copy;
}

async function typeSource(schema: SchemaNode): Promise<string> {
  const source = await compile(schema as JSONSchema, "ExtensionManifest", {
    bannerComment: `/**\n * ${head}\n * What plugin.json5 may hold.\n */`,
    unknownAny: true,
    format: false,
  });
  return readonlyTypes(tagged(source));
}

/** Gives each exported type its release tag. */
function tagged(source: string): string {
  return source.replaceAll(/\n\s*\*\/\nexport /g, "\n *\n * @public\n */\nexport ");
}

/** Manifests are frozen once read, and the type says so. */
function readonlyTypes(source: string): string {
  return source
    .replaceAll(/^(\s*)((?:"[^"]+"|[$\w]+)\??: |\[k: string\]: )/gm, "$1readonly $2")
    .replaceAll(/\b(\w+\[\])/g, "readonly $1");
}
