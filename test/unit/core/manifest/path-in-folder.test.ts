import { expect, test } from "vitest";
import { faultOfPath } from "../../../../core/src/manifest/path-in-folder.js";

test.each(["./x.js", "x.js", "a/b.js", "a/../b.js", "a//b.js", "..a/b.js", "a/b..", "templates/**"])(
  "%s is inside the folder",
  (path) => {
    expect(faultOfPath(path)).toBeUndefined();
  },
);

test.each([
  ["/x.js", "relative"],
  ["C:/x.js", "relative"],
  ["file:///x.js", "relative"],
  ["../x.js", "leads out"],
  ["a/../../a/x.js", "leads out"],
  ["./..", "leads out"],
  ["a\\b.js", "has to use /"],
  ["a\0.js", "NUL"],
])("%j is refused", (path, words) => {
  expect(faultOfPath(path)).toContain(words);
});
