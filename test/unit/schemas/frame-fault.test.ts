import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameFault } from "../../../schemas/src/frame-fault.js";
import type { Frame } from "../../../schemas/src/frame.js";

const schema = JSON.parse(
  readFileSync(new URL("../../../schemas/frame.schema.json", import.meta.url), "utf8"),
) as object;
const error = { name: "TypeError", message: "no", code: "E", stack: "at", details: { a: 1 } };

const frames: readonly Frame[] = [
  {
    type: "hello",
    session: 1,
    protocol: 1,
    extension: { id: "acme.english", version: "1.0.0", path: "/x" },
    generation: 1,
    main: "./extension.js",
    runtime: { kind: "worker" },
    contributions: [{ point: "greeters", id: "english", methods: { greet: 1, all: "variadic" } }],
    services: [{ id: "acme.orders", methods: { find: 1 } }],
    undeclaredServices: ["acme.other"],
    dependencies: [{ id: "acme.base", kind: "required", exports: { functions: ["f"], values: { v: 1 } } }],
    points: [
      {
        id: "acme.rules",
        methods: { check: 2 },
        lines: [{ id: "one", extensionId: "acme.rule", generation: 2, item: { label: "One" } }],
      },
    ],
    configuration: { volume: 11 },
    state: { version: 1, value: { a: 1 } },
    limits: { callMs: 30_000, callBytes: 1_000 },
    environment: { HOME: "/" },
    withStacks: true,
    reuse: 0,
  },
  {
    type: "ready",
    session: 1,
    supplied: [{ point: "greeters", id: "english" }],
    findings: [{ code: "CONTRIBUTION_MISSING", point: "greeters", id: "german", message: "It is missing." }],
    savesState: false,
    exports: { functions: ["f"], values: { v: 1 } },
    times: { load: 0.5, call: 1, settle: 0 },
  },
  { type: "call", session: 1, id: 1, target: "export/f", args: ["a", 1], timeoutMs: 5 },
  { type: "ok", session: 1, id: 1, value: "a" },
  {
    type: "err",
    session: 1,
    id: 0,
    thrown: { error: { ...error, cause: { error }, errors: [{ value: 1 }] } },
  },
  { type: "cancel", session: 1, id: 1, reason: { value: 5 } },
  { type: "emit", session: 0, event: "ping", args: [] },
  { type: "log", session: 1, level: "info", message: "m", fields: { a: 1 }, time: 5 },
  { type: "bye", session: 1, deactivate: true, timeoutMs: 0 },
  { type: "gone", session: 1, thrown: { error }, leftovers: { timers: 1 } },
];

/** The schema without what is left to others: what is nested in something thrown, and what may be undefined. */
function leniently(whole: object): object {
  const copy: any = structuredClone(whole);
  const { EncodedThrown, EncodedError, HelloFrame } = copy.$defs;
  copy.$defs.EncodedThrown = { type: "object", properties: EncodedThrown.oneOf[0].properties };
  EncodedError.properties.cause = { type: "object" };
  EncodedError.properties.errors = { type: "array" };
  HelloFrame.properties.state.required = ["version"];
  return copy;
}

/** Every place in the value, as a list of keys. */
function places(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, child]) => places(child).map((rest) => [key, ...rest])),
  ];
}

/** The frame with something else at the place; undefined takes away what is there. */
function changed(frame: Frame, place: readonly string[], value: unknown): any {
  const copy: any = { root: structuredClone(frame) };
  const path = ["root", ...place];
  const last = path.pop() ?? "";
  const parent = path.reduce((node, key) => node[key], copy);
  if (value !== undefined || !Array.isArray(parent)) parent[last] = value;
  return withoutUndefined(copy.root);
}

function withoutUndefined(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

describe("the fault of a frame", () => {
  test.each(frames.map((frame) => [frame.type, frame] as const))("is none for a sound %s", (_type, frame) => {
    expect(frameFault(frame)).toBeUndefined();
  });

  test("is none for fields that a newer peer adds", () => {
    for (const frame of frames) expect(frameFault({ ...frame, newer: true })).toBeUndefined();
  });

  test("is none for what is undefined where anything may be", () => {
    expect(frameFault({ type: "ok", session: 1, id: 1, value: undefined })).toBeUndefined();
    expect(frameFault({ type: "err", session: 1, id: 1, thrown: { value: undefined } })).toBeUndefined();
  });

  test("names the place and the mistake", () => {
    const long = Object.assign([], { 4_000_000_000: 1 });
    const wrong: readonly (readonly [unknown, string])[] = [
      [undefined, "is no object"],
      [[], "is no object"],
      [{}, "/type is no kind of frame"],
      [{ type: "toString" }, "/type is no kind of frame"],
      [{ type: "ok", session: 1, id: -1 }, "/id has to be a whole number, not negative"],
      [{ type: "ok", session: 1.5, id: 1 }, "/session has to be a whole number, not negative"],
      [{ type: "ok", session: 1, id: 1n }, "/id has to be a whole number, not negative"],
      [{ type: "call", session: 1, id: 1, target: "x", args: {} }, "/args has to be a list"],
      [
        { type: "err", session: 1, id: 1, thrown: { error: { name: "E" } } },
        "/thrown/error/message has to be text",
      ],
      [
        { type: "gone", session: 1, leftovers: { timers: "many" } },
        '/leftovers/"timers" has to be a whole number, not negative',
      ],
      [
        { ...frames[1], supplied: [{ point: "greeters", id: "a" }, { point: "greeters" }] },
        "/supplied/1/id has to be text",
      ],
      [{ ...frames[7], level: "fatal" }, '/level has to be "debug" or "info" or "warn" or "error"'],
      [
        { type: "call", session: 1, id: 1, target: "x", args: long },
        "/args has to be a list of 65535 at most",
      ],
    ];
    expect(wrong.map(([frame]) => frameFault(frame))).toEqual(wrong.map(([, fault]) => fault));
  });

  test("is found at once in something thrown that is nested without end", () => {
    let nested: unknown = { error };
    for (let depth = 0; depth < 100; depth++)
      nested = { error: { ...error, cause: nested, errors: new Array(32).fill(nested) } };
    expect(frameFault({ type: "err", session: 1, id: 1, thrown: nested })).toBeUndefined();
  });

  test("is what the schema says, whatever is changed in a frame", () => {
    const ajv = new Ajv2020({ allowUnionTypes: true, strictRequired: false });
    const isFrame = ajv.compile(leniently(schema));
    const cases = frames.flatMap((frame) => places(frame).map((place) => [frame, place] as const));
    fc.assert(
      fc.property(
        fc.constantFrom(...cases.filter(([, place]) => place.length > 0)),
        fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.integer(), fc.constantFrom("ok", "log", {}, [])),
        ([frame, place], value) => {
          const candidate = changed(frame, place, value);
          expect(frameFault(candidate) === undefined, JSON.stringify(candidate)).toBe(isFrame(candidate));
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
