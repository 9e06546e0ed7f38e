/** What an extension is given belongs to its generation and is dead after it. */
import { isExtensionError, offer, serviceToken, type ExtensionContext } from "@plugboard/core";
import { anExtension, createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { journal, shared } from "../support/shared.js";

interface Orders {
  find(id: string): string;
}
const Orders = serviceToken<Orders>("test.owned-orders");

test("the context of an old generation is dead: services, dependencies, registrations", async () => {
  const kept = shared<{ context?: ExtensionContext; base?: { word(): Promise<string> }; orders?: unknown }>(
    {},
  );
  await using kit = await createTestHost({
    services: [offer(Orders, { find: (id) => id }, { methods: { find: 1 } })],
    extensions: [
      anExtension({ id: "acme.base", activate: `return { word: () => "word" };` }),
      aGreeter({
        id: "acme.english",
        dependsOn: ["acme.base"],
        services: ["test.owned-orders"],
        activate: `
          if (${kept.code}.context) return;
          Object.assign(${kept.code}, {
            context,
            base: context.dependency("acme.base"),
            orders: context.services.get(Symbol.for("test.owned-orders")),
          });`,
      }),
    ],
  });
  await greet(kit.host, "english");
  const { context, base, orders } = kept.value;
  expect(await base?.word()).toBe("word");
  expect(await (orders as { find(id: string): Promise<string> }).find("7")).toBe("7");
  await kit.host.reload("acme.english");

  expect(context?.signal.aborted).toBe(true);
  for (const use of [
    async () => base?.word(),
    async () => (orders as { find(id: string): Promise<string> }).find("7"),
    async () => context?.services.get(Orders),
    async () => context?.contribute("greeters", "english", { greet: () => "" }),
    async () => context?.storage.set("key", 1),
  ]) {
    expect(isExtensionError(await rejection(use()))).toBe(true);
  }
});

test("what is subscribed after the end is disposed at once", async () => {
  const log = journal();
  const kept = shared<{ context?: ExtensionContext }>({});
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.english", activate: `${kept.code}.context = context;` })],
  });
  await greet(kit.host, "english");
  await kit.host.deactivate("acme.english");

  kept.value.context?.subscriptions.push(() => log.lines.push("disposed"));
  expect(log.lines).toEqual(["disposed"]);
});

test("what an extension left running is counted and named", async () => {
  const left = shared<{ timer?: NodeJS.Timeout }>({});
  await using kit = await createTestHost({
    extensions: [
      aGreeter({
        id: "acme.english",
        activate: `${left.code}.timer ??= setInterval(() => {}, 1_000_000);`,
      }),
    ],
  });
  await greet(kit.host, "english");
  expect(info(kit.host, "acme.english").leftovers ?? {}).toEqual({});

  await kit.host.reload("acme.english");
  clearInterval(left.value.timer);
  const leftovers = Object.values(info(kit.host, "acme.english").leftovers ?? {});
  expect(leftovers.reduce((sum, count) => sum + count, 0)).toBe(1);
});

test("the logger hears once what a generation left behind, and nothing of what it cleaned up", async () => {
  const left = shared<{ timers?: NodeJS.Timeout[] }>({});
  const warnings: unknown[] = [];
  const ignore = () => undefined;
  const logger = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (message: string, fields?: object) => warnings.push({ message, ...fields }),
  };
  await using kit = await createTestHost({
    logger,
    extensions: [
      aGreeter({
        id: "acme.english",
        activate: `
          const subscribed = setInterval(() => {}, 1_000_000);
          context.subscriptions.push(() => clearInterval(subscribed));
          const listener = () => {};
          process.on("plugboard-left", listener);
          if (${left.code}.timers) return void context.subscriptions.push(() => process.off("plugboard-left", listener));
          ${left.code}.timers = [setTimeout(() => {}, 1_000_000), setTimeout(() => {}, 1_000_000)];`,
      }),
    ],
  });
  await greet(kit.host, "english");
  await kit.host.reload("acme.english");
  left.value.timers?.forEach((timer) => {
    clearTimeout(timer);
  });
  const leftovers = { timeout: 2, "process listener": 1 };
  expect(info(kit.host, "acme.english").leftovers).toEqual(leftovers);

  await kit.host.reload("acme.english");
  process.removeAllListeners("plugboard-left");
  expect(info(kit.host, "acme.english").leftovers ?? {}).toEqual({});
  const message = expect.stringContaining("left behind 2 timeouts, 1 process listener.") as string;
  expect(warnings).toEqual([{ message, extensionId: "acme.english", generation: 1, leftovers }]);
});

test("an extension's log records carry its id and generation", async () => {
  const records: unknown[] = [];
  const keep = (message: string, fields?: object) => records.push([message, fields]);
  await using kit = await createTestHost({
    logger: { debug: () => undefined, info: keep, warn: () => undefined, error: () => undefined },
    extensions: [
      aGreeter({ id: "acme.english", activate: `context.logger.info("a line of its own", { more: 1 });` }),
    ],
  });
  await greet(kit.host, "english");
  await kit.host.reload("acme.english");

  expect(records.filter((record) => (record as [string])[0] === "a line of its own")).toEqual(
    [1, 2].map((generation): unknown[] => [
      "a line of its own",
      expect.objectContaining({ extensionId: "acme.english", generation, more: 1 }),
    ]),
  );
});
