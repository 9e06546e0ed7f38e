/** Writes the source files that follow from the schemas. Run it after every change of one. */
import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generated-files.ts";

for (const [path, content] of await generatedFiles()) {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
}
