import { expect, test } from "vitest";
import type { Frame } from "../../../../extension-api/src/index.js";
import { RemoteLogger } from "../../../../core/src/guest/remote-logger.js";
import { Outbox } from "../../../../core/src/protocol/outbox.js";

function aLogger() {
  const sent: Frame[] = [];
  const outbox = new Outbox(
    { send: (frames) => void sent.push(...structuredClone(frames)) },
    () => undefined,
  );
  const log = new RemoteLogger(7, outbox);
  const records = () => {
    outbox.flush();
    return sent.flatMap((frame) => (frame.type === "log" ? [frame] : []));
  };
  return { log, records };
}

test("a view in a field takes its own bytes along and nothing of the buffer around it", () => {
  const { log, records } = aLogger();
  const pool = new Uint8Array(1_000_000).fill(1);
  const view = pool.subarray(10, 13);
  log.logger.info("bytes", { view, within: { list: [new DataView(pool.buffer, 5, 2)] } });
  const [{ fields } = {}] = records();

  const { view: sentView, within } = fields as {
    readonly view: Uint8Array;
    readonly within: { readonly list: readonly [DataView] };
  };
  expect([sentView.buffer.byteLength, within.list[0].buffer.byteLength]).toEqual([3, 2]);
  expect([...sentView]).toEqual([1, 1, 1]);
});

test("logging throws nothing, whatever it is given, and tells in words what can't cross", () => {
  const { log, records } = aLogger();
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error("gotcha");
      },
      ownKeys: () => {
        throw new Error("gotcha");
      },
    },
  );
  const getter = {
    get bad(): never {
      throw new Error("gotcha");
    },
    good: 1,
  };
  const { info } = log.logger as unknown as { readonly info: (message: unknown, fields?: unknown) => void };
  info({ a: 1 });
  info("none", null);
  info("text", "fields");
  info("trap", trap);
  info("inner", { trap, shared: new SharedArrayBuffer(1), f: () => 1, big: "x".repeat(2_000_000) });
  info("getter", getter);

  const found = records();
  expect(found.map(({ message }) => message)).toEqual([
    "{ a: 1 }",
    "none",
    "text",
    "trap",
    "inner",
    "getter",
  ]);
  expect(found.at(4)?.fields).toEqual({
    trap: expect.any(String) as unknown,
    shared: expect.stringContaining("SharedArrayBuffer") as unknown,
    f: "[Function: f]",
    big: expect.any(String) as unknown,
  });
  expect(found.at(5)?.fields).toMatchObject({ good: 1 });
});

test("a record that is refused is sent without its fields", () => {
  const { log, records } = aLogger();
  log.refuse(
    { type: "log", session: 7, level: "warn", message: "odd", fields: { a: 1 }, time: 0 },
    new Error("why"),
  );
  log.refuse({ type: "log", session: 7, level: "warn", message: "worse", time: 0 }, new Error("why"));

  expect(records().map(({ message }) => message)).toEqual(["odd (its fields could not be sent: why)"]);
});
