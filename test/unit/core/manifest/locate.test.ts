import { describe, expect, test } from "vitest";
import {
  childPointer,
  locateInManifest,
  pointerSegments,
  TextLines,
} from "../../../../core/src/manifest/locate.js";

const text = `{
  id: "acme.x", // the id
  contributes: {
    greeters: [
      { id: "a" }, { "lang/x~y": 1 },
    ],
  },
}`;

describe("locateInManifest", () => {
  test.each([
    ["", "value", 1, 1],
    ["/id", "key", 2, 3],
    ["/id", "value", 2, 7],
    ["/contributes/greeters", "value", 4, 15],
    ["/contributes/greeters/1", "value", 5, 20],
    ["/contributes/greeters/1", "key", 5, 20],
    ["/contributes/greeters/1/lang~1x~0y", "key", 5, 22],
    ["/contributes/greeters/1/lang~1x~0y", "value", 5, 34],
  ] as const)("%j is found by its %s", (pointer, what, line, column) => {
    expect(locateInManifest(text, pointer, what)).toEqual({ line, column });
  });

  test("what is no longer there is placed at the nearest thing around it", () => {
    expect(locateInManifest(text, "/contributes/panels/0/id", "value")).toEqual({ line: 3, column: 16 });
    expect(locateInManifest(text, "/contributes/greeters/7", "key")).toEqual({ line: 4, column: 15 });
    expect(locateInManifest("", "/id", "value")).toEqual({ line: 1, column: 1 });
  });

  test("a text that is broken further down is searched up to there", () => {
    expect(locateInManifest(`{\n id: "a",\n main: }`, "/id", "value")).toEqual({ line: 2, column: 6 });
  });
});

test("childPointer and pointerSegments escape and unescape keys", () => {
  const pointer = childPointer(childPointer("", "a/b~c"), 0);
  expect(pointer).toBe("/a~1b~0c/0");
  expect(pointerSegments(pointer)).toEqual(["a/b~c", "0"]);
  expect(pointerSegments("")).toEqual([]);
});

test("TextLines counts columns in UTF-16 units and lines at LF, CR and CRLF", () => {
  const lines = new TextLines("a\r\n😀b\rc\nd");
  expect([0, 3, 5, 7, 9, 10].map((offset) => lines.at(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 2, column: 1 },
    { line: 2, column: 3 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 2 },
  ]);
});
