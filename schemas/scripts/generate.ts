/** Writes the source files that follow from plugin.schema.json. Run it after every change of the schema. */
import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generated-files.ts";

for (const [path, content] of await generatedFiles()) {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
}
