/** An application can tell whose code runs in its process. */
import { AsyncLocalStorage } from "node:async_hooks";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet } from "../support/extensions.js";

test("every entry into the code of an in-process extension runs in its scope, and so does what follows from it", async () => {
  const running = new AsyncLocalStorage<string>();
  const said: string[] = [];
  const note = (what: string) => void said.push(`${running.getStore() ?? "nobody"}: ${what}`);
  const scoped = (id: string) =>
    aGreeter({
      id,
      head: `const watch = globalThis[Symbol.for("test.watch")];\nwatch("load");`,
      activate: `
        watch("activate");
        setTimeout(() => watch("timer"), 1);
        context.subscriptions.push({ dispose: () => watch("dispose") });`,
      supplies: { greeters: { [id.slice(5)]: `{ greet: (name) => (watch("call"), name) }` } },
      deactivate: `watch("deactivate");`,
    });
  const key = Symbol.for("test.watch");
  Object.defineProperty(globalThis, key, { value: note, configurable: true });
  try {
    await using kit = await createTestHost({
      extensions: [scoped("acme.one"), scoped("acme.two")],
      inProcessScope: ({ id, generation }, run) => running.run(`${id}#${generation}`, run),
    });
    await Promise.all([greet(kit.host, "one"), greet(kit.host, "two")]);
    await eventually(() => expect(said.filter((line) => line.endsWith("timer"))).toHaveLength(2));
    await kit.host.reload("acme.one");
    await greet(kit.host, "one");
    await kit.host.deactivate("acme.two");
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }

  const of = (owner: string) =>
    said.filter((line) => line.startsWith(`${owner}: `)).map((line) => line.slice(owner.length + 2));
  expect(of("nobody")).toEqual([]);
  for (const owner of ["acme.one#1", "acme.two#1"])
    expect(new Set(of(owner))).toEqual(
      new Set(["load", "activate", "call", "timer", "deactivate", "dispose"]),
    );
  expect(of("acme.one#2")).toEqual(expect.arrayContaining(["load", "activate", "call"]));
});
