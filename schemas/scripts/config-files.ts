/** Makes what follows from config.schema.json: its validator. */
import { readFileSync } from "node:fs";
import { format, generatedFrom, type SchemaNode } from "./generated-source.ts";
import { validatorSource } from "./validator-source.ts";

/** Contents by path relative to the package. */
export async function configFiles(): Promise<readonly (readonly [path: string, content: string])[]> {
  const text = readFileSync(new URL("../config.schema.json", import.meta.url), "utf8");
  const source = validatorSource(JSON.parse(text) as SchemaNode, generatedFrom("config.schema.json"));
  return [["src/config-validator.ts", await format(source)]];
}
