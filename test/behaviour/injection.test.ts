/** Host services, the class form, and what the application's own container hands out. */
import "reflect-metadata";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Greeter, greeters, offer, serviceToken, type LiveCollection, type Remote } from "@plugboard/core";
import { anExtension, createTestHost } from "@plugboard/core/testing";
import { Container, inject, injectable, multiInject } from "inversify";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

interface Orders {
  find(id: string): string;
  secretly(): string;
}
const Orders = serviceToken<Orders>("test.orders");
const orders = offer(
  Orders,
  { find: (id) => `order ${id}`, secretly: () => "hidden" },
  { methods: { find: 1 } },
);

test("services.get hands out a declared host service whose methods return promises", async () => {
  await using kit = await createTestHost({
    services: [orders],
    extensions: [
      aGreeter({
        id: "acme.clerk",
        services: ["test.orders"],
        head: `import { serviceToken } from "@plugboard/extension-api"; let orders;`,
        supplies: {
          greeters: {
            clerk: `{ greet: (name) => {
              const found = orders.find(name);
              return found instanceof Promise ? found : "not a promise";
            } }`,
          },
        },
        activate: `orders = context.services.get(serviceToken("test.orders"));`,
      }),
    ],
  });

  expect(await greet(kit.host, "clerk", "7")).toBe("order 7");
});

test("a host service opens only the methods it was offered with", async () => {
  await using kit = await createTestHost({
    services: [orders],
    extensions: [
      aGreeter({
        id: "acme.clerk",
        services: ["test.orders"],
        head: `let orders;`,
        supplies: { greeters: { clerk: `{ greet: () => typeof orders.secretly }` } },
        activate: `orders = context.services.get(Symbol.for("test.orders"));`,
      }),
    ],
  });

  expect(await greet(kit.host, "clerk")).toBe("undefined");
});

test("services.get of a service that the manifest does not list is CAPABILITY_DENIED with the line to add", async () => {
  await using kit = await createTestHost({
    services: [orders],
    extensions: [
      aGreeter({ id: "acme.clerk", activate: `context.services.get(Symbol.for("test.orders"));` }),
    ],
  });

  const denied = findCause(await rejection(greet(kit.host, "clerk")), "CAPABILITY_DENIED");
  expect(denied).toMatchObject({ extensionId: "acme.clerk" });
  expect(denied?.message).toContain(`services: ["test.orders"]`);
});

const typescriptClerk = `
import { inject, injectable } from "inversify";
import { greeters, serviceToken, type Extension, type ExtensionContext, type Remote } from "@plugboard/extension-api";

interface Orders { find(id: string): Promise<string> }
const Orders = serviceToken<Orders>("test.orders");

@injectable()
class Phrase {
  constructor(@inject(Orders) private readonly orders: Remote<Orders>) {}
  async of(name: string): Promise<string> { return "Hello, " + (await this.orders.find(name)); }
}

@injectable()
export default class Clerk implements Extension {
  constructor(@inject(Phrase) private readonly phrase: Phrase) {}
  activate(context: ExtensionContext): void {
    context.contribute(greeters, "clerk", { greet: (name) => this.phrase.of(name) });
  }
}
`;

test("a class in TypeScript gets services and its own classes through its constructor", async () => {
  await using kit = await createTestHost({
    services: [orders],
    extensions: [
      aGreeter({
        id: "acme.clerk",
        main: "./extension.ts",
        services: ["test.orders"],
        source: typescriptClerk,
      }),
    ],
  });

  expect(await greet(kit.host, "clerk", "7")).toBe("Hello, order 7");
});

test("a constructor that asks for an undeclared service is CAPABILITY_DENIED with the line to add", async () => {
  await using kit = await createTestHost({
    services: [orders],
    extensions: [aGreeter({ id: "acme.clerk", main: "./extension.ts", source: typescriptClerk })],
  });

  const denied = findCause(await rejection(greet(kit.host, "clerk")), "CAPABILITY_DENIED");
  expect(denied?.message).toContain(`services: ["test.orders"]`);
});

test("nothing of the application's container is reachable from an extension", async () => {
  const container = new Container();
  const Secret = serviceToken<{ tell(): string }>("test.secret");
  container.bind(Secret).toConstantValue({ tell: async () => "secret" });
  await using kit = await createTestHost({
    container,
    extensions: [aGreeter({ id: "acme.spy", activate: `context.services.get(Symbol.for("test.secret"));` })],
  });

  expect(await rejection(greet(kit.host, "spy"))).toHaveProperty("extensionId", "acme.spy");
  expect(info(kit.host, "acme.spy").state).toBe("failed");
});

test("the application gets every greeter from its container, the same stubs as from the host", async () => {
  const container = new Container();
  await using kit = await createTestHost({
    container,
    extensions: [aGreeter({ id: "acme.english" }), aGreeter({ id: "acme.spanish" })],
  });

  const injected = container.getAll(Greeter);
  expect(injected).toHaveLength(2);
  expect(new Set(injected)).toEqual(new Set(kit.host.contributions(greeters)));
  expect(await Promise.all(injected.map((greeter) => greeter.greet("World")))).toEqual([
    "english 1.0.0: World",
    "spanish 1.0.0: World",
  ]);
});

test("@multiInject gives an application's class all greeters, the collection token the live list", async () => {
  @injectable()
  class Reception {
    readonly snapshot: readonly Remote<Greeter>[];
    readonly live: LiveCollection<Greeter>;
    constructor(
      @multiInject(Greeter) snapshot: Remote<Greeter>[],
      @inject(greeters.collection) live: LiveCollection<Greeter>,
    ) {
      this.snapshot = snapshot;
      this.live = live;
    }
  }
  const container = new Container();
  container.bind(Reception).toSelf();
  await using kit = await createTestHost({ container, extensions: [aGreeter({ id: "acme.english" })] });
  const reception = container.get(Reception);

  await kit.write(aGreeter({ id: "acme.spanish" }));
  await kit.host.rescan();
  expect(reception.snapshot.map(({ lang }) => lang)).toEqual(["english"]);
  expect([...reception.live].map(({ lang }) => lang)).toEqual(["english", "spanish"]);
  expect(reception.live).toBe(kit.host.contributions(greeters));
});

test("what leaves the folder leaves the container", async () => {
  const container = new Container();
  const english = aGreeter({ id: "acme.english" });
  await using kit = await createTestHost({
    container,
    extensions: [english, aGreeter({ id: "acme.spanish" })],
  });

  await kit.remove(english);
  await kit.host.rescan();
  expect(container.getAll(Greeter).map(({ lang }) => lang)).toEqual(["spanish"]);
  await kit.host.stop();
  expect(container.isBound(Greeter) ? container.getAll(Greeter) : []).toEqual([]);
});

test("an update leaves the application's container alone", async () => {
  const container = new Container();
  const english = aGreeter({ id: "acme.english" });
  await using kit = await createTestHost({ container, extensions: [english] });
  const [before] = container.getAll(Greeter);

  await kit.write(english.with({ version: "1.1.0" }));
  await kit.host.rescan();
  expect(container.getAll(Greeter)).toEqual([before]);
  expect(await before?.greet("World")).toBe("english 1.1.0: World");
});

test("nothing holds an old generation after an update, a reload or a removal", async () => {
  const program = new URL("../support/unload-probe.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--disable-warning=ExperimentalWarning", program],
    { timeout: 30_000 },
  );

  expect(JSON.parse(stdout)).toEqual({
    afterReload: { alive: [2] },
    afterUpdate: { alive: [3] },
    afterRemoval: { alive: [] },
  });
}, 40_000);

test("an extension without a main file is listed and has nothing to fail", async () => {
  await using kit = await createTestHost({
    extensions: [anExtension({ id: "acme.data", main: false, activationEvents: ["onStartup"] })],
  });

  expect(kit.report.failed).toEqual([]);
  expect(info(kit.host, "acme.data").problems).toEqual([]);
});

function findCause(error: unknown, code: string): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return "code" in error && error.code === code ? error : findCause(error.cause, code);
}
