import * as v8 from "node:v8";
import { ExtensionError, isExtensionError } from "@plugboard/extension-api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeThrown, encodeThrown } from "../../../../core/src/protocol/thrown.js";

/** What arrives of it over any channel. */
function sent(thrown: unknown, { withStack = false } = {}): any {
  return decodeThrown(structuredClone(encodeThrown(thrown, { withStack })));
}

describe("an ExtensionError", () => {
  const error = new ExtensionError("CALL_TIMEOUT", "It took too long.", {
    extensionId: "acme.english",
    details: { limitMs: 5, when: new Date(0) },
    cause: new RangeError("too far"),
  });

  test("arrives with its code, extension, details and cause", () => {
    const arrived = sent(error);
    expect(isExtensionError(arrived, "CALL_TIMEOUT")).toBe(true);
    expect(arrived).toMatchObject({
      name: "ExtensionError",
      message: "It took too long.",
      extensionId: "acme.english",
      details: { limitMs: 5, when: new Date(0) },
    });
    expect(arrived.cause).toBeInstanceOf(RangeError);
    expect(arrived.advice).toBe(error.advice);
  });

  test("of a code that nobody knows here arrives as INTERNAL that names the code", () => {
    const encoded = { name: "ExtensionError", message: "m", isExtensionError: true, details: { a: 1 } };
    for (const code of ["CALL_FROM_THE_FUTURE", "toString"]) {
      expect(decodeThrown({ error: { ...encoded, code } })).toMatchObject({
        code: "INTERNAL",
        details: { a: 1, code },
      });
    }
  });

  test("keeps of its details what can be sent", () => {
    const details = { good: 1, bad: { deep: () => 1 }, proxy: new Proxy({}, {}) };
    expect(sent(new ExtensionError("CALL_FAILED", "m", { details })).details).toEqual({
      good: 1,
      bad: "(can't be sent) { deep: [Function: deep] }",
      // Node 26 says that it is a proxy.
      proxy: expect.stringMatching(/^\(can't be sent\) (?:\{\}|Proxy\(\{\}\))$/) as unknown,
    });
  });
});

describe("an error of the language", () => {
  test.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError])(
    "%o arrives as one of its class",
    (ErrorClass) => {
      const arrived = sent(new ErrorClass("no", { cause: "because" }));
      expect(Object.getPrototypeOf(arrived)).toBe(ErrorClass.prototype);
      expect(arrived).toMatchObject({ name: ErrorClass.name, message: "no", cause: "because" });
      expect(Object.keys(arrived as object)).toEqual([]);
    },
  );

  test("an AggregateError arrives with its errors", () => {
    const arrived = sent(new AggregateError([new TypeError("one"), "two"], "both"));
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.message).toBe("both");
    expect(arrived.errors).toEqual([new TypeError("one"), "two"]);
    expect(arrived.errors[0]).toBeInstanceOf(TypeError);
  });

  test("an AggregateError of many errors tells how many more there were", () => {
    const arrived = sent(new AggregateError(new Array(100).fill(new Error("no"))));
    expect(arrived.errors).toHaveLength(33);
    expect(arrived.errors[32]).toBe("and 68 more");
  });

  test.each(["AbortError", "TimeoutError", "DataCloneError"])("the %s of the web arrives as one", (name) => {
    const arrived = sent(new DOMException("stopped", name));
    expect(arrived).toBeInstanceOf(DOMException);
    expect(arrived).toMatchObject({ name, message: "stopped" });
  });

  test("the reason of an abort arrives as it is", () => {
    expect(sent(AbortSignal.abort().reason)).toBeInstanceOf(DOMException);
  });

  test("one of Node's own keeps its code and its fields", () => {
    const error = Object.assign(new Error("ENOENT: no such file"), {
      code: "ENOENT",
      errno: -2,
      syscall: "open",
    });
    expect({ ...sent(error) }).toEqual({ code: "ENOENT", errno: -2, syscall: "open" });
  });
});

describe("an author's own error", () => {
  class HttpError extends Error {
    override readonly name = "HttpError";
    readonly status = 404;
    readonly headers = new Map([["a", "b"]]);
    readonly retry = () => 1;
    get hint(): string {
      return "none";
    }
  }

  test("arrives as an Error of its name with its data", () => {
    const arrived = sent(new HttpError("gone"));
    expect(arrived).toBeInstanceOf(Error);
    expect(String(arrived)).toBe("HttpError: gone");
    expect({ ...arrived }).toEqual({
      status: 404,
      headers: new Map([["a", "b"]]),
      retry: "[Function: retry]",
    });
  });

  test("keeps errors as data where it is no AggregateError", () => {
    expect(sent(Object.assign(new Error("no"), { errors: [{ field: "name" }] })).errors).toEqual([
      { field: "name" },
    ]);
  });

  test("can't change what an error is by the names of its fields", () => {
    const error = new Error("no");
    Object.defineProperty(error, "__proto__", { value: { polluted: true }, enumerable: true });
    const arrived = sent(error);
    expect(arrived.polluted).toBeUndefined();
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype);
  });

  test("takes its stack along only where that is allowed", () => {
    const error = new TypeError("no");
    expect(sent(error, { withStack: true }).stack).toBe(error.stack);
    expect(sent(error).stack).toBe("TypeError: no");
  });
});

describe("causes", () => {
  const chain = (length: number): Error => {
    let error = new Error("0");
    for (let index = 1; index <= length; index++) error = new Error(String(index), { cause: error });
    return error;
  };
  const messages = (error: any): string[] =>
    error instanceof Error
      ? [error.message, ...messages(error.cause)]
      : error === undefined
        ? []
        : [`text ${error}`];

  test("arrive to a depth of eight, and then as text", () => {
    expect(messages(sent(chain(3)))).toEqual(["3", "2", "1", "0"]);
    expect(messages(sent(chain(20)))).toEqual([
      "20",
      "19",
      "18",
      "17",
      "16",
      "15",
      "14",
      "13",
      "12",
      "text 11",
    ]);
  });

  test("that go in a circle end", () => {
    const error = new Error("round");
    error.cause = error;
    expect(messages(sent(error))).toHaveLength(10);
  });

  test("that multiply are bounded", () => {
    let error: Error = new Error("leaf");
    for (let depth = 0; depth < 8; depth++) error = new AggregateError(new Array(32).fill(error), "more");
    expect(JSON.stringify(encodeThrown(error, { withStack: true })).length).toBeLessThan(2_000_000);
    let bomb: any = { error: { name: "Error", message: "leaf" } };
    for (let depth = 0; depth < 8; depth++)
      bomb = { error: { name: "AggregateError", message: "more", errors: new Array(32).fill(bomb) } };
    expect(decodeThrown(bomb)).toBe("something thrown that is too large to be told");
  });

  test("that are all fields, a long code or a long number are bounded", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, index]));
    const error = Object.assign(new Error("m"), many, { code: "x".repeat(1_000_000) });
    const errors = Array.from({ length: 32 }, () => Object.assign(new Error("m"), many));
    for (const thrown of [error, new AggregateError(errors), 1n << 8_000_000n])
      expect(v8.serialize(encodeThrown(thrown, { withStack: true })).length).toBeLessThan(500_000);
  });

  test.each<readonly [string, unknown]>([
    ["a message that is no text", { error: { name: "Error", message: Symbol("s") } }],
    ["details that are none", { error: { name: "Error", message: "m", details: 5 } }],
    ["an error that is none", { error: 5 }],
  ])("with %s arrive as a text", (_name, cause) => {
    const text = "something thrown that can't be read";
    expect(decodeThrown(cause as never)).toBe(text);
    const arrived: any = decodeThrown({ error: { name: "Error", message: "m", cause } } as never);
    expect(arrived.cause).toBe(text);
    const many = { error: { name: "AggregateError", message: "m", errors: [cause, 5, undefined] } };
    expect((decodeThrown(many as never) as AggregateError).errors).toEqual([text, text, text]);
  });

  test("of which one is undefined keep that", () => {
    expect("cause" in sent(new Error("no", { cause: undefined }))).toBe(true);
    expect("cause" in sent(new Error("no"))).toBe(false);
  });
});

describe("whatever else was thrown", () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const trap = (): never => {
    throw new Error("trap");
  };
  test.each<readonly [string, unknown, unknown]>([
    ["undefined", undefined, undefined],
    ["null", null, null],
    ["a text", "no", "no"],
    ["a number", NaN, NaN],
    ["data", { a: [new Date(0)] }, { a: [new Date(0)] }],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a function", trap, "[Function: trap]"],
    ["a revoked proxy", revoked.proxy, "(can't be sent) something that can't be shown as text"],
    [
      "a proxy of an error",
      new Proxy(new Error("no"), { get: trap, getPrototypeOf: trap }),
      expect.any(String),
    ],
    ["an object with a getter that throws", { get a() { return trap(); } }, "(can't be sent) { a: [Getter] }"], // prettier-ignore
    ["a circle", (() => { const a: any = {}; a.a = a; return a; })(), expect.stringContaining("(can't be sent)")], // prettier-ignore
    ["something large", { a: new Uint8Array(2_000_000) }, expect.stringContaining("(too large to be sent)")],
  ])("%s arrives as itself or as a text", (_name, thrown, arrived) => {
    expect(sent(thrown)).toEqual(arrived);
  });

  test("an error of nothing but traps arrives as an error", () => {
    const error = new Error("no");
    for (const name of ["name", "message", "stack", "cause", "code", "status"])
      Object.defineProperty(error, name, { get: trap, enumerable: true });
    expect(sent(error, { withStack: true })).toMatchObject({ name: "Error", message: expect.any(String) });
    expect(
      sent(Object.setPrototypeOf(new Error("no"), new Proxy({}, { get: trap, has: trap }))),
    ).toBeInstanceOf(Error);
  });

  test("a huge message is cut", () => {
    expect(sent(new Error("a".repeat(20_000_000))).message.length).toBeLessThan(300_000);
  });

  test("anything at all can be sent", () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withSet: true, withDate: true }),
        fc.object(),
        (value, fields) => {
          expect(sent(value)).toEqual(structuredClone(value));
          sent(Object.assign(new Error("no", { cause: value }), fields), { withStack: true });
        },
      ),
    );
  });
});
