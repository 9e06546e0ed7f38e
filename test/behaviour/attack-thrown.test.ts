/** What an extension throws may be anything; the host words it and goes on. */
import { greeters, isExtensionError } from "@plugboard/core";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

/** Things that throw when they are looked at, as expressions. */
const hostile = {
  "a proxy of traps":
    "new Proxy({}, { get() { throw 1; }, has() { throw 2; }, getPrototypeOf() { throw 3; }, ownKeys() { throw 4; } })",
  "a revoked proxy": "(() => { const it = Proxy.revocable({}, {}); it.revoke(); return it.proxy; })()",
  "an error whose message throws":
    "Object.defineProperty(new Error('a'), 'message', { get() { throw new Error('gotcha'); } })",
  "an error whose message is no text":
    "Object.assign(new Error('a'), { message: { toString() { throw new Error('gotcha'); } } })",
  "an error whose message is a symbol": "Object.assign(new Error('a'), { message: Symbol('s') })",
  "an error whose cause throws":
    "Object.defineProperty(new Error('a'), 'cause', { get() { throw new Error('gotcha'); } })",
  "an error that is its own cause": "(() => { const it = new Error('a'); it.cause = it; return it; })()",
  "something that throws when inspected":
    "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('gotcha'); } })",
  "a forged error": "({ [Symbol.for('plugboard.extension-error')]: true })",
  "a forged error of getters that throw":
    "({ [Symbol.for('plugboard.extension-error')]: true, get code() { throw 1; }, get message() { throw 2; } })",
  undefined: "undefined",
  null: "null",
};

test.for(Object.entries(hostile))(
  "a call that throws %s is rejected with CALL_FAILED",
  async ([, thrown]) => {
    await using kit = await createTestHost({
      extensions: [
        aGreeter({
          id: "acme.late",
          supplies: { greeters: { late: `{ async greet() { throw ${thrown}; } }` } },
        }),
        aGreeter({ id: "acme.now", supplies: { greeters: { now: `{ greet() { throw ${thrown}; } }` } } }),
      ],
    });

    expect(isExtensionError(await rejection(greet(kit.host, "late")), "CALL_FAILED")).toBe(true);
    expect(isExtensionError(await rejection(greet(kit.host, "now")), "CALL_FAILED")).toBe(true);
  },
);

test.for(Object.entries(hostile))("an activation that throws %s has failed", async ([, thrown]) => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", activate: `throw ${thrown};` })],
  });

  expect(isExtensionError(await rejection(greet(kit.host, "english")), "ACTIVATION_FAILED")).toBe(true);
  expect(info(kit.host, "acme.english")).toMatchObject({
    state: "failed",
    reason: { code: "ACTIVATION_FAILED" },
    problems: [{ code: "ACTIVATION_FAILED" }],
  });
});

test.for(Object.entries(hostile))("a deactivation that throws %s ends all the same", async ([, thrown]) => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        activate: `context.subscriptions.push(() => { throw ${thrown}; });`,
        deactivate: `throw ${thrown};`,
      }),
    ],
  });
  await greet(kit.host, "english");

  await kit.host.reload("acme.english");
  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 2 });
  await expect(kit.host.stop()).resolves.toBeUndefined();
});

test.for(Object.entries(hostile))("an update stays out whose saveState throws %s", async ([, thrown]) => {
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", saveState: `throw ${thrown};` })],
  });
  const stub = kit.host.contributions(greeters).get("english")!;
  await stub.greet("World");

  expect(isExtensionError(await rejection(kit.host.reload("acme.english")))).toBe(true);
  expect(await stub.greet("World")).toContain("World");
});

test("a promise whose then throws is a failed call, and is not waited for", async () => {
  await using kit = await createTestHost({
    limits: { drainMs: 0 },
    extensions: [
      aGreeter({
        id: "acme.english",
        supplies: {
          greeters: {
            english: `{ greet() {
              const answer = Promise.resolve("never seen");
              answer.then = () => { throw new Error("gotcha"); };
              return answer;
            } }`,
          },
        },
      }),
    ],
  });

  expect(isExtensionError(await rejection(greet(kit.host, "english")), "CALL_FAILED")).toBe(true);
  await kit.host.reload("acme.english");
  expect(info(kit.host, "acme.english").generation).toBe(2);
});
