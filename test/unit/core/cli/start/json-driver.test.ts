import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { JsonDriver } from "../../../../../core/src/cli/start/json-driver.js";
import { Output } from "../../../../../core/src/cli/output/output.js";
import type { HostControl } from "../../../../../core/src/control.js";
import { ExtensionError } from "../../../../../core/src/index.js";
import { commandWorld } from "../command-world.js";

interface Driven {
  readonly answers: readonly unknown[];
  readonly stops: number;
}

async function drive(lines: readonly string[], control: object = {}): Promise<Driven> {
  const { io, stdout } = commandWorld();
  let stops = 0;
  const driver = new JsonDriver({
    control: control as HostControl,
    output: new Output(io, { json: true }),
    cwd: "/project",
    ready: Promise.resolve(),
    stop: () => {
      stops++;
    },
  });
  await driver.readCommands(Readable.from([lines.map((line) => `${line}\n`).join("")]));
  await driver.close();
  const answers: unknown[] = stdout.text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  return { answers, stops };
}

test("a call is answered with its ref, whatever kind of value that is", async () => {
  const control = { call: async (target: unknown) => target };
  const call = { point: "greeters", id: "english", method: "greet", args: ["World"] };
  const { answers } = await drive([JSON.stringify({ call, ref: { a: [1] } })], control);
  expect(answers).toEqual([{ ref: { a: [1] }, result: call }]);
});

test("a call without args has none", async () => {
  const control = { call: async ({ args }: { readonly args: unknown[] }) => args.length };
  const { answers } = await drive(['{"call":{"point":"p","id":"i","method":"m"},"ref":1}'], control);
  expect(answers).toEqual([{ ref: 1, result: 0 }]);
});

test("a result that is undefined is answered as null", async () => {
  const { answers } = await drive(['{"call":{"point":"p","id":"i","method":"m"},"ref":1}'], {
    call: async () => undefined,
  });
  expect(answers).toEqual([{ ref: 1, result: null }]);
});

test("a result that has no JSON is answered with an error", async () => {
  const { answers } = await drive(['{"call":{"point":"p","id":"i","method":"m"},"ref":1}'], {
    call: async () => 1n,
  });
  expect(answers).toMatchObject([{ ref: 1, error: { code: "CALL_NOT_SERIALIZABLE" } }]);
});

test("a call that fails is answered with code and message", async () => {
  const { answers } = await drive(['{"call":{"point":"p","id":"i","method":"m"},"ref":1}'], {
    call: async () => {
      throw new ExtensionError("CALL_TIMEOUT", "m took too long");
    },
  });
  expect(answers).toMatchObject([{ ref: 1, error: { code: "CALL_TIMEOUT", message: "m took too long" } }]);
});

test.each([
  ["text that is not JSON", "not json"],
  ["a list", "[]"],
  ["null", "null"],
  ["an empty object", "{}"],
  ["two commands at once", '{"list":true,"fire":"x"}'],
  ["an unknown command", '{"lst":true}'],
  ["a call without a method", '{"call":{"point":"p","id":"i"}}'],
  ["a call whose args are no list", '{"call":{"point":"p","id":"i","method":"m","args":1}}'],
  ["an event that is no text", '{"fire":1}'],
])("%s is answered with an error, and the next line is served", async (_kind, line) => {
  const { answers } = await drive([line, "", '{"list":true,"ref":2}'], {
    list: async () => ({ extensions: [], problems: [] }),
  });
  expect(answers).toHaveLength(2);
  expect(answers).toContainEqual(
    expect.objectContaining({ error: expect.objectContaining({ code: "CONTROL_INVALID" }) as unknown }),
  );
  expect(answers).toContainEqual({ ref: 2, result: { extensions: [] } });
});

test("an event is answered with what came of it", async () => {
  const outcome = { outcomes: [{ id: "acme.one", state: "active" }], elapsedMs: 3 };
  const { answers } = await drive(['{"fire":"onOrder:paid","ref":1}'], { fire: async () => outcome });
  expect(answers).toEqual([{ ref: 1, result: outcome }]);
});

test("stop asks for the end and is answered", async () => {
  expect(await drive(['{"stop":true,"ref":1}'])).toEqual({ answers: [{ ref: 1, result: null }], stops: 1 });
});
