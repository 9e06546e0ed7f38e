/** What arguments and results may be: everything structured clone carries, and what is refused where. */
import { isExtensionError } from "@plugboard/core";
import { expect } from "vitest";
import { rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject, type RuntimeHere } from "./conformance-host.js";

const echo = aSubject({ id: "acme.echo" });

/** Sends a value there and back, and looks at it from both ends. */
async function crosses(runtime: RuntimeHere, kind: string, ...values: readonly unknown[]): Promise<void> {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.describer",
        run: "(input) => [Object.prototype.toString.call(input).slice(8, -1), input, { deep: [input] }]",
      }),
    ],
  });
  for (const value of values)
    expect(await kit.run("describer", value)).toStrictEqual([kind, value, { deep: [value] }]);
}

inEachRuntime("texts cross unchanged", (runtime) =>
  crosses(runtime, "String", "", "plain", "Grüße, 世界 \u{1F600}", "\0\n\u2028", "\ud800 alone"),
);

inEachRuntime("numbers cross unchanged, NaN, infinities and -0 as well", (runtime) =>
  crosses(runtime, "Number", 0, -0, 1.5, 2 ** 53, 5e-324, NaN, Infinity, -Infinity),
);

inEachRuntime("booleans cross unchanged", (runtime) => crosses(runtime, "Boolean", true, false));

inEachRuntime("a BigInt crosses unchanged", (runtime) =>
  crosses(runtime, "BigInt", 0n, -1n, 2n ** 64n + 1n, -(10n ** 40n)),
);

inEachRuntime("undefined and null cross as two different results", async (runtime) => {
  await crosses(runtime, "Undefined", undefined);
  await crosses(runtime, "Null", null);
});

inEachRuntime("a member that is undefined stays a member", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      echo,
      aSubject({
        id: "acme.keys",
        run: "(input) => Object.keys(input).map((key) => [key, input[key] === undefined])",
      }),
    ],
  });

  expect(await kit.run("keys", { a: undefined, b: null })).toEqual([
    ["a", true],
    ["b", false],
  ]);
  expect(await kit.run("echo", { a: undefined, b: null })).toStrictEqual({ a: undefined, b: null });
  expect(await kit.run("echo", [undefined, null])).toStrictEqual([undefined, null]);
});

inEachRuntime("a Map crosses with its order and keys of any kind", (runtime) =>
  crosses(
    runtime,
    "Map",
    new Map(),
    new Map<unknown, unknown>([
      ["z", 1],
      [2, new Map([["inner", undefined]])],
      [{ key: true }, null],
      [NaN, "not a number"],
    ]),
  ),
);

inEachRuntime("a Set crosses with its order", (runtime) =>
  crosses(runtime, "Set", new Set(), new Set<unknown>(["b", "a", 1, undefined, new Set([2])])),
);

inEachRuntime("a Date crosses, an invalid one too", (runtime) =>
  crosses(runtime, "Date", new Date(0), new Date(-1), new Date("2026-02-28T12:34:56.789Z"), new Date(NaN)),
);

inEachRuntime("a RegExp crosses with its flags", (runtime) =>
  crosses(runtime, "RegExp", /a\/b(?<name>c)/giu, new RegExp("", "v")),
);

inEachRuntime("an Error crosses as a value with name and message", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({ id: "acme.error", run: "(input) => [input.name, input.message, new RangeError('back')]" }),
    ],
  });
  const [name, message, back] = (await kit.run("error", new TypeError("there"))) as [string, string, Error];

  expect([name, message]).toEqual(["TypeError", "there"]);
  expect(back).toMatchObject({ name: "RangeError", message: "back" });
});

inEachRuntime("bytes cross unchanged as Uint8Array and as ArrayBuffer", async (runtime) => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
  await crosses(runtime, "Uint8Array", new Uint8Array(), bytes);
  await crosses(runtime, "ArrayBuffer", new ArrayBuffer(0), bytes.buffer);
});

inEachRuntime("typed arrays of every kind arrive equal", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [echo] });
  const arrays = [
    Int8Array.of(-128, 127),
    Uint8ClampedArray.of(0, 255),
    Int16Array.of(-32_768, 32_767),
    Uint16Array.of(65_535),
    Int32Array.of(-(2 ** 31)),
    Uint32Array.of(2 ** 32 - 1),
    Float32Array.of(1.5, -0, NaN),
    Float64Array.of(Math.PI, Infinity),
    BigInt64Array.of(-(2n ** 63n)),
    BigUint64Array.of(2n ** 64n - 1n),
  ];

  for (const array of arrays) expect(await kit.run("echo", array)).toStrictEqual(array);
  const view = (await kit.run("echo", new DataView(Uint8Array.of(1, 2, 3).buffer, 1))) as DataView;
  expect([view.byteLength, view.getUint8(0), view.getUint8(1)]).toEqual([2, 2, 3]);
});

inEachRuntime("a view of a part of a buffer arrives as that part", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [echo] });
  const whole = Uint8Array.from({ length: 16 }, (_, index) => index);

  expect([...((await kit.run("echo", whole.subarray(3, 7))) as Uint8Array)]).toEqual([3, 4, 5, 6]);
  expect([...((await kit.run("echo", new Uint16Array(whole.buffer, 2, 2))) as Uint16Array)]).toEqual([
    0x0302, 0x0504,
  ]);
  expect([...whole]).toEqual(Array.from({ length: 16 }, (_, index) => index));
});

inEachRuntime("a Buffer arrives as bytes", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.bytes",
        run: "(input) => [input instanceof Uint8Array, [...input], Buffer.from('abc')]",
      }),
    ],
  });
  const [isBytes, bytes, back] = (await kit.run("bytes", Buffer.from("abc"))) as [
    boolean,
    number[],
    Uint8Array,
  ];

  expect([isBytes, bytes]).toEqual([true, [97, 98, 99]]);
  expect(back).toBeInstanceOf(Uint8Array);
  expect(Buffer.from(back).toString()).toBe("abc");
});

inEachRuntime(
  "a Buffer takes nothing along of the larger buffer that it is a part of",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.bytes",
          run: "({ bytes }) => [bytes.buffer.byteLength, { bytes: Buffer.from('abc') }]",
        }),
      ],
    });
    const [there, back] = (await kit.run("bytes", { bytes: Buffer.from("abc") })) as [
      number,
      { bytes: Uint8Array },
    ];

    expect([there, back.bytes.buffer.byteLength]).toEqual([3, 3]);
  },
  { boundaries: "strict" },
);

inEachRuntime("objects and arrays cross as deep as 500 levels", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [echo] });
  let deep: unknown = "bottom";
  for (let level = 0; level < 500; level++) deep = level % 2 === 0 ? { deep } : [deep];

  expect(await kit.run("echo", deep)).toStrictEqual(deep);
});

inEachRuntime("keys that look like part of a prototype stay plain keys", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [echo] });
  const value = JSON.parse(
    `{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2, "then": 3}`,
  ) as object;
  const back = (await kit.run("echo", value)) as object;

  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  expect(Object.entries(back)).toEqual(Object.entries(value));
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

inEachRuntime("a result that is a promise within a promise is awaited", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({ id: "acme.later", run: "(input) => Promise.resolve({ then: (done) => done([input]) })" }),
    ],
  });

  expect(await kit.run("later", 1)).toEqual([1]);
});

inEachRuntime(
  "what an author does to an argument stays with the author",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.keeper",
          head: "let kept = { list: [1] };",
          run: `(input) => {
            if (input === "kept") return kept;
            input.list.push("changed"); input.bytes[0] = 255; return "done";
          }`,
        }),
      ],
    });
    const mine = { list: [1], bytes: Uint8Array.of(1, 2) };

    await kit.run("keeper", mine);
    expect(mine).toEqual({ list: [1], bytes: Uint8Array.of(1, 2) });
    ((await kit.run("keeper", "kept")) as { list: unknown[] }).list.push("changed");
    expect(await kit.run("keeper", "kept")).toEqual({ list: [1] });
  },
  { boundaries: "strict" },
);

/** The refusals of a call with each of the values, and what the author saw of them. */
async function refused(runtime: RuntimeHere, values: readonly unknown[]) {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.spy",
        head: "let calls = 0;",
        run: "(input) => (input === 'calls' ? calls : ++calls)",
      }),
    ],
  });
  await kit.host.activate("acme.spy");
  const errors = [];
  for (const value of values) errors.push(await rejection(kit.run("spy", value)));
  return { errors, calls: await kit.run("spy", "calls") };
}

inEachRuntime(
  "a function among the arguments is refused at the caller with its path",
  async (runtime) => {
    const { errors, calls } = await refused(runtime, [
      { outer: [{ onDone: () => undefined }] },
      () => undefined,
      new Map([["handler", () => undefined]]),
    ]);

    for (const error of errors) expect(isExtensionError(error, "CALL_NOT_SERIALIZABLE" as never)).toBe(true);
    expect((errors[0] as Error).message).toMatch(/outer.*0.*onDone/);
    expect(calls).toBe(0);
  },
  { boundaries: "strict" },
);

inEachRuntime(
  "a cycle among the arguments is refused at the caller with its path",
  async (runtime) => {
    const node: Record<string, unknown> = { name: "node" };
    node["children"] = [{ parent: node }];
    const list: unknown[] = [];
    list.push(list);
    const { errors, calls } = await refused(runtime, [node, list]);

    for (const error of errors) expect(isExtensionError(error, "CALL_NOT_SERIALIZABLE" as never)).toBe(true);
    expect((errors[0] as Error).message).toMatch(/children.*0.*parent/);
    expect(calls).toBe(0);
  },
  { boundaries: "strict" },
);

inEachRuntime(
  "symbols, promises and weak collections among the arguments are refused at the caller",
  async (runtime) => {
    const { errors, calls } = await refused(runtime, [
      { key: Symbol("s") },
      { key: Promise.resolve() },
      { key: new WeakMap() },
    ]);

    for (const error of errors) expect(isExtensionError(error, "CALL_NOT_SERIALIZABLE" as never)).toBe(true);
    for (const error of errors) expect((error as Error).message).toContain("key");
    expect(calls).toBe(0);
  },
  { boundaries: "strict" },
);

inEachRuntime(
  "an object that occurs twice is no cycle",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [echo] });
    const shared = { word: "twice" };

    expect(await kit.run("echo", { first: shared, second: [shared] })).toEqual({
      first: shared,
      second: [shared],
    });
  },
  { boundaries: "strict" },
);

inEachRuntime(
  "a result that can't cross is CALL_NOT_SERIALIZABLE with its path, and the extension goes on",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.giver",
          run: `(input) => {
            const cycle = {}; cycle.self = cycle;
            return { function: { inner: [() => {}] }, cycle, symbol: Symbol("s"), fine: "fine" }[input];
          }`,
        }),
      ],
    });

    for (const kind of ["function", "cycle", "symbol"]) {
      const error = await rejection(kit.run("giver", kind));
      expect([kind, isExtensionError(error, "CALL_NOT_SERIALIZABLE" as never)]).toEqual([kind, true]);
    }
    expect(((await rejection(kit.run("giver", "function"))) as Error).message).toMatch(/inner.*0/);
    expect(await kit.run("giver", "fine")).toBe("fine");
  },
  { boundaries: "strict" },
);
