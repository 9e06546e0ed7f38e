/** What an author throws, as its caller gets it. */
import { isExtensionError } from "@plugboard/core";
import { expect } from "vitest";
import { info, rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject, type RuntimeHere } from "./conformance-host.js";

/** What a call is rejected with whose author throws the value of an expression. */
async function thrownBy(runtime: RuntimeHere, expression: string): Promise<unknown> {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.thrower",
        head: `import { ExtensionError } from "@plugboard/extension-api";`,
        run: `async () => { throw ${expression}; }`,
      }),
    ],
  });
  return await rejection(kit.run("thrower"));
}

inEachRuntime("an error arrives as the cause of CALL_FAILED with name, message and code", async (runtime) => {
  const error = await thrownBy(runtime, `Object.assign(new TypeError("no such thing"), { code: "E_THING" })`);

  expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
  expect(error).toMatchObject({ code: "CALL_FAILED", extensionId: "acme.thrower" });
  expect((error as Error).message).toContain("no such thing");
  expect((error as Error).cause).toMatchObject({
    name: "TypeError",
    message: "no such thing",
    code: "E_THING",
  });
});

inEachRuntime("the causes of an error arrive, each with its own name and code", async (runtime) => {
  const error = await thrownBy(
    runtime,
    `new TypeError("outer", { cause: Object.assign(new RangeError("middle", {
      cause: new Error("inner") }), { code: "E_MIDDLE" }) })`,
  );

  const { cause } = error as { cause: Error };
  expect(cause).toMatchObject({ name: "TypeError", message: "outer" });
  expect(cause.cause).toMatchObject({ name: "RangeError", message: "middle", code: "E_MIDDLE" });
  expect((cause.cause as Error).cause).toMatchObject({ name: "Error", message: "inner" });
});

inEachRuntime("an error of a class of the author's keeps its name", async (runtime) => {
  const error = await thrownBy(
    runtime,
    `new (class PaymentError extends Error { name = "PaymentError"; })("declined")`,
  );

  expect((error as Error).cause).toMatchObject({ name: "PaymentError", message: "declined" });
});

inEachRuntime("an ExtensionError arrives with its own code, details and cause", async (runtime) => {
  const error = await thrownBy(
    runtime,
    `new ExtensionError("CALL_INVALID", "Not like this.", {
      extensionId: "acme.thrower", details: { field: "amount", allowed: [1, 2] }, cause: new RangeError("why") })`,
  );

  expect(isExtensionError(error, "CALL_INVALID")).toBe(true);
  expect(error).toMatchObject({
    name: "ExtensionError",
    message: "Not like this.",
    extensionId: "acme.thrower",
    details: { field: "amount", allowed: [1, 2] },
  });
  expect((error as Error).cause).toMatchObject({ name: "RangeError", message: "why" });
});

inEachRuntime("a thrown string is the cause of CALL_FAILED", async (runtime) => {
  const error = await thrownBy(runtime, `"just text"`);

  expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
  expect((error as Error).message).toContain("just text");
  expect((error as Error).cause).toBe("just text");
});

inEachRuntime("an AggregateError arrives with its errors", async (runtime) => {
  const error = await thrownBy(
    runtime,
    `new AggregateError([new TypeError("first"), Object.assign(new Error("second"), { code: "E_2" })], "both")`,
  );

  const { cause } = error as { cause: AggregateError };
  expect(cause).toMatchObject({ name: "AggregateError", message: "both" });
  expect(cause.errors).toHaveLength(2);
  expect(cause.errors[0]).toMatchObject({ name: "TypeError", message: "first" });
  expect(cause.errors[1]).toMatchObject({ message: "second", code: "E_2" });
});

inEachRuntime("the stack of what was thrown names the author's file", async (runtime) => {
  const error = await thrownBy(runtime, `new Error("here")`);

  expect(((error as Error).cause as Error).stack).toContain("acme.thrower/extension.js");
});

inEachRuntime(
  "a thrown value that throws when it is looked at is CALL_FAILED all the same",
  async (runtime) => {
    const hostile = [
      "new Proxy({}, { get() { throw 1; }, has() { throw 2; }, getPrototypeOf() { throw 3; }, ownKeys() { throw 4; } })",
      "Object.defineProperty(new Error('a'), 'message', { get() { throw new Error('gotcha'); } })",
      "Object.assign(new Error('a'), { message: Symbol('s') })",
      "(() => { const it = new Error('a'); it.cause = it; return it; })()",
      "({ [Symbol.for('plugboard.extension-error')]: true, get code() { throw 1; } })",
      "() => {}",
      "Symbol('s')",
      "undefined",
      "null",
    ];
    const extension = aSubject({
      id: "acme.hostile",
      head: `const thrown = [${hostile.map((expression) => `() => { throw ${expression}; }`).join(", ")}];`,
      run: "async (index) => (thrown[index] ?? (() => 'fine'))()",
    });
    await using kit = await runtime.createHost({ extensions: [extension] });

    for (const [index, expression] of hostile.entries()) {
      const error = await rejection(kit.run("hostile", index));
      expect([expression, isExtensionError(error, "CALL_FAILED")]).toEqual([expression, true]);
    }
    expect(await kit.run("hostile", -1)).toBe("fine");
    expect(info(kit.host, "acme.hostile")).toMatchObject({ state: "active", generation: 1 });
  },
);

inEachRuntime(
  "what activate throws fails the activation and the calls that wait, with the cause",
  async (runtime) => {
    await using kit = await runtime.createHost({
      limits: { retryMs: 60_000 },
      extensions: [
        aSubject({
          id: "acme.broken",
          activate: `throw Object.assign(new TypeError("not today"), { code: "E_DAY" });`,
        }),
      ],
    });

    const errors = await Promise.all([rejection(kit.run("broken")), rejection(kit.run("broken"))]);
    for (const error of errors) {
      expect(isExtensionError(error, "ACTIVATION_FAILED")).toBe(true);
      expect((error as Error).cause).toMatchObject({
        name: "TypeError",
        message: "not today",
        code: "E_DAY",
      });
    }
    expect(info(kit.host, "acme.broken")).toMatchObject({
      state: "failed",
      reason: { code: "ACTIVATION_FAILED" },
      problems: [{ code: "ACTIVATION_FAILED" }],
    });
  },
);

inEachRuntime("a file that can't be parsed or found fails the activation and is named", async (runtime) => {
  await using kit = await runtime.createHost({
    limits: { incompleteMs: 0, retryMs: 60_000 },
    extensions: [
      aSubject({ id: "acme.syntax", source: "export function activate() {\n  return ((;\n}\n" }),
      aSubject({ id: "acme.missing", source: `import "./nothing.js";\nexport function activate() {}\n` }),
    ],
  });

  await rejection(kit.run("syntax"));
  await rejection(kit.run("missing"));
  const problem = (id: string) => info(kit.host, id).problems[0];
  expect(problem("acme.syntax")).toMatchObject({ code: "MODULE_SYNTAX", line: 2 });
  expect(problem("acme.syntax")?.file).toContain("acme.syntax/extension.js");
  expect(problem("acme.missing")).toMatchObject({ code: "MODULE_NOT_FOUND" });
  expect(problem("acme.missing")?.message).toContain("nothing.js");
});
