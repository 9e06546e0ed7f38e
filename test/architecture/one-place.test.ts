/** Rules that once stood in several files and then differed. Each row names the one file that decides. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { librarySources } from "../support/repository.ts";

interface Rule {
  /** Ends the title. */
  readonly what: string;
  /** What its words look like. */
  readonly words: RegExp;
  /** The file in `core/src` that has them. */
  readonly file: string;
}

const rules: readonly Rule[] = [
  {
    what: "what an object is that is no list",
    words: /=== "object" && \w+ !== null && !Array\.isArray\(/,
    file: "common/is-record.ts",
  },
  {
    what: "how the error of an id that nobody knows reads",
    words: /new ExtensionError\(\s*"EXTENSION_UNKNOWN"/,
    file: "lifecycle/extension/lifecycle-errors.ts",
  },
  {
    what: "how Node calls a capability",
    words: /"--allow-(?:child-process|addons)"|"ChildProcess"/,
    file: "common/node-permissions.ts",
  },
];

test.each(rules)("one file of core decides $what", ({ words, file }) => {
  const deciding = librarySources()
    .filter((source) => source.startsWith("core/src/"))
    .filter((source) => words.test(readFileSync(source, "utf8")));
  expect(deciding).toEqual([`core/src/${file}`]);
});
