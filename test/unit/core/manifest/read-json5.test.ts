import { deepStrictEqual } from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import JSON5 from "json5";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  readJson5,
  syntaxErrorWording,
  type MemberPlace,
  type Place,
} from "../../../../core/src/manifest/read-json5.js";

type Outcome = { readonly value: unknown } | "refused";

function ours(text: string): Outcome {
  const { value, failure } = readJson5(text);
  return failure === undefined ? { value } : "refused";
}

function json5(text: string): Outcome {
  try {
    return { value: JSON5.parse(text) as unknown };
  } catch {
    return "refused";
  }
}

/** Blanks, line ends and comments wherever the grammar allows them. */
const blank = fc
  .array(
    fc.constantFrom(
      " ",
      "\t",
      "\n",
      "\r\n",
      "\r",
      "\v",
      "\f",
      "\u00a0",
      "\ufeff",
      "\u2028",
      "\u3000",
      "// c\n",
      "/* * / */",
      "/**/",
    ),
    { maxLength: 2 },
  )
  .map((parts) => parts.join(""));

const numberText = fc.oneof(
  fc.integer().map(String),
  fc.double().map((value) => String(value)),
  fc.constantFrom(
    "0",
    "-0",
    "+0",
    ".5",
    "5.",
    "+.5e2",
    "-.5E-2",
    "0x1F",
    "-0xdeadBEEF",
    "1e400",
    "Infinity",
    "-Infinity",
    "+Infinity",
    "NaN",
    "-NaN",
    "0.0",
    "0e1",
  ),
);

const stringPart = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 3 }).map((text) => text.replaceAll(/['"\\\r\n]/g, "")),
  fc.constantFrom(
    "\\n",
    "\\'",
    '\\"',
    "\\\\",
    "\\\n",
    "\\\r\n",
    "\\\u2028",
    "\\0 ",
    "\\x41",
    "\\u00e9",
    "\\v",
    "\\a",
    "\u2028",
    "\t",
    "\\/",
    "\\\u{1F600}",
  ),
);
const stringText = fc
  .tuple(fc.constantFrom("'", '"'), fc.array(stringPart, { maxLength: 4 }))
  .map(([quote, parts]) => quote + parts.join("") + quote);

const keyText = fc.oneof(
  stringText,
  fc.constantFrom(
    "id",
    "$schema",
    "_x",
    "a1",
    "naïve",
    "größe",
    "\\u0061b",
    "a\\u0062",
    "名前",
    "null",
    "Infinity",
    "a\u200c",
    "__proto__",
    "constructor",
    "toString",
    "'1'",
  ),
);

const { document } = fc.letrec<{ value: string; document: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.oneof(numberText, stringText, fc.constantFrom("true", "false", "null")),
    fc
      .tuple(fc.array(fc.tuple(blank, tie("value"), blank), { maxLength: 4 }), fc.constantFrom("", ","))
      .map(
        ([items, last]) => `[${items.map((item) => item.join("")).join(",")}${items.length > 0 ? last : ""}]`,
      ),
    fc
      .tuple(
        fc.array(fc.tuple(blank, keyText, blank, fc.constant(":"), blank, tie("value"), blank), {
          maxLength: 4,
        }),
        fc.constantFrom("", ","),
      )
      .map(
        ([members, last]) =>
          `{${members.map((each) => each.join("")).join(",")}${members.length > 0 ? last : ""}}`,
      ),
  ),
  document: fc.tuple(blank, tie("value"), blank).map((parts) => parts.join("")),
}));

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 2 }),
  insert: fc.oneof(
    fc.constant(""),
    fc.constantFrom(...Array.from("{}[]:,'\"\\/*+-.019eExX \n\ru_$aN\u2028\u00e9\ufeff\0")),
    fc.constantFrom("//", "/*", "*/", "true", "nul", "Infinity", "0x", "\\u00", "\\x4", "\ud83d"),
  ),
});

const mutated = fc
  .tuple(document, fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([text, mutations]) =>
    mutations.reduce((present, { at, remove, insert }) => {
      const index = Math.floor(at * present.length);
      return present.slice(0, index) + insert + present.slice(index + remove);
    }, text),
  );

const corpus = [
  "",
  " ",
  "{}",
  "[]",
  "null",
  "nul",
  "nulll",
  "true false",
  "{a:1}",
  "{a:1,}",
  "{,}",
  "[,]",
  "[1,,2]",
  "[1 2]",
  "{a 1}",
  "{a:}",
  "{:1}",
  "{1:1}",
  "{a-b:1}",
  "{'a':1}",
  "{\"a\":1 'b':2}",
  "{a:1}}",
  "]",
  "'",
  "'a",
  "'a\nb'",
  "'a\\\nb'",
  "'\\",
  "'\\u12'",
  "'\\xg0'",
  "'\\01'",
  "'\\1'",
  "'\\9'",
  "'\\0'",
  "'\\08'",
  "01",
  "00",
  "-01",
  "1.",
  ".",
  "+",
  "-",
  "+-1",
  "1.2.3",
  "1e",
  "1e+",
  "0x",
  "0xg",
  "0x1.2",
  "- 1",
  "infinity",
  "-infinity",
  "Nan",
  "1a",
  "1_000",
  "/",
  "//",
  "/*",
  "/* *",
  "/**/",
  "/* */ 1 // x",
  "1//",
  "{a:1}//\u2028x",
  "\ufeff{}",
  "{\u00a0}",
  "{a\\u0062:1}",
  "{\\u0031:1}",
  "{a\\u002d:1}",
  "{\\x61:1}",
  "{\u{1F600}:1}",
  "{\u{20000}:1}",
  "{a\u0300:1}",
  "{\u0300:1}",
  "'\u2028'",
  "{__proto__:1}",
  "{'__proto__':{a:1}}",
  "{a:1,a:2}",
  "{constructor:1}",
  "undefined",
  "`a`",
  "\0",
  "\u200b1",
  "#",
  "{a:1;b:2}",
  "0b1",
  "1n",
  ".e1",
  "'\\\r\nx'",
];

describe("readJson5", () => {
  beforeEach(() => {
    // json5 warns about line separators in strings.
    vi.spyOn(console, "warn").mockReturnValue(undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("every generated document has the value that json5 gives", () => {
    fc.assert(
      fc.property(document, (text) => {
        const outcome = ours(text);
        expect(outcome).not.toBe("refused");
        deepStrictEqual(outcome, json5(text));
      }),
      { numRuns: 1_500 },
    );
  });

  test("a mutated document is read or refused as json5 does", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        deepStrictEqual(ours(text), json5(text));
      }),
      { numRuns: 4_000 },
    );
  });

  test.each(corpus)("%j is read or refused as json5 does", (text) => {
    deepStrictEqual(ours(text), json5(text));
  });

  test("values are the same with places and without", () => {
    fc.assert(
      fc.property(document, (text) => {
        deepStrictEqual(readJson5(text, { places: true }).value, readJson5(text).value);
      }),
      { numRuns: 300 },
    );
  });

  test("the text at the place of a value reads as that value", () => {
    const check = (text: string, place: Place, value: unknown): void => {
      deepStrictEqual(JSON5.parse(text.slice(place.start, place.end)), value);
      place.items?.forEach((item, index) => check(text, item, (value as unknown[])[index]));
      place.members?.forEach((member: MemberPlace, key) => {
        deepStrictEqual(Object.keys(JSON5.parse(`{${text.slice(member.keyStart, member.keyEnd)}:1}`)), [key]);
        check(text, member.value, (value as Record<string, unknown>)[key]);
      });
    };
    fc.assert(
      fc.property(document, (text) => {
        const { place, value } = readJson5(text, { places: true });
        expect(place).toBeDefined();
        check(text, place as Place, value);
      }),
      { numRuns: 300 },
    );
  });

  test("a value keeps nothing of its text alive", () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const heap = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const texts = 100;
    const before = heap();
    const values = Array.from({ length: texts }, (_, index) => {
      const comment = Buffer.alloc(200 * 1024, "x").toString();
      return readJson5(
        `{ a: "longer than a dozen letters ${index}", b: 'with \\'quotes\\' in between' } // ${comment}`,
      ).value;
    });
    expect(heap() - before).toBeLessThan(texts * 20 * 1024);
    expect(values).toHaveLength(texts);
  });

  test("places are not kept unless asked for", () => {
    expect(readJson5("{a: [1]}")).toEqual({ value: { a: [1] }, keyFindings: [] });
  });

  test("repeated and forbidden keys are found with their places and paths", () => {
    const text = `{ a: { b: 1, "b": 2 }, constructor: [{ prototype: 1 }], "__proto__": 3 }`;
    expect(readJson5(text, { places: true }).keyFindings).toEqual([
      { kind: "duplicate", key: "b", offset: 13, firstOffset: 7, path: "/a/b" },
      { kind: "forbidden", key: "constructor", offset: 23, path: "/constructor" },
      { kind: "forbidden", key: "prototype", offset: 39, path: "/constructor/0/prototype" },
      { kind: "forbidden", key: "__proto__", offset: 56, path: "/__proto__" },
    ]);
  });

  test("a key that every object inherits is an ordinary one", () => {
    expect(readJson5("{ toString: 1, valueOf: 2 }").keyFindings).toEqual([]);
  });

  test("a forbidden key never changes the prototype of the value", () => {
    const { value } = readJson5("{ __proto__: { polluted: true } }");
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect((value as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("a text that nests sixty-four levels is read, one that nests deeper is refused at the bracket", () => {
    expect(readJson5("[".repeat(64) + "]".repeat(64)).failure).toBeUndefined();
    expect(readJson5(` ${"[".repeat(65)}${"]".repeat(65)}`).failure).toEqual({
      kind: "depth",
      offset: 65,
      message: "nested deeper than 64 levels",
    });
    expect(readJson5("{a:".repeat(100_000)).failure?.kind).toBe("depth");
  });

  test.each([
    ["{ a: 1,\n  b: }", 13],
    ["{ a: 'x\n' }", 7],
    ["{ a: 1", 6],
    ["", 0],
    ["{} x", 3],
    ["/* open", 7],
    ["tru}", 3],
    ["01", 1],
  ])("the syntax error in %j is placed where reading stopped", (text, offset) => {
    expect(readJson5(text).failure).toMatchObject({ kind: "syntax", offset });
  });

  test("what was read before a syntax error is kept", () => {
    expect(readJson5(`{ id: "a", list: [1, }`).value).toEqual({ id: "a" });
  });

  test("a syntax error is worded as json5 does, without its place and without a warning", () => {
    expect(syntaxErrorWording("{ a: ]")).toBe("invalid character ']'");
    expect(syntaxErrorWording("{ a: '\u2028'")).toBe("invalid end of input");
    expect(syntaxErrorWording("{}")).toBeUndefined();
    expect(console.warn).not.toHaveBeenCalled();
  });
});
