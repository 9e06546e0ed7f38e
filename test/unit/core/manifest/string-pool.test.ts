import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson5 } from "../../../../core/src/manifest/read-json5.js";
import { StringPool } from "../../../../core/src/manifest/string-pool.js";

test("a string that was kept is found wherever it stands in a text", () => {
  const pool = new StringPool();
  pool.keep("./extension.js");
  expect(pool.find(`{ main: "./extension.js" }`, 9, 23)).toBe("./extension.js");
});

test("a string that only resembles one that was kept is not found", () => {
  const pool = new StringPool();
  pool.keep("a1b2c");
  expect(pool.find("a3b4c", 0, 5)).toBeUndefined();
  expect(pool.find("a1b2c", 0, 4)).toBeUndefined();
});

test("an empty string and a very long one are never kept", () => {
  const pool = new StringPool();
  pool.keep("");
  pool.keep("x".repeat(1_000));
  expect(pool.find("abc", 1, 1)).toBeUndefined();
  expect(pool.find("x".repeat(1_000), 0, 1_000)).toBeUndefined();
});

test("texts that are read with one pool have the values that they have alone", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 20 }), (values) => {
      const strings = new StringPool();
      for (const each of [...values, ...values]) {
        const text = JSON.stringify(each);
        expect(readJson5(text, { strings })).toEqual(readJson5(text));
      }
    }),
  );
});
