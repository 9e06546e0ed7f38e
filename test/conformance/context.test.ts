/** What an extension is given beside calls: services, storage, secrets, settings, points, messages. */
import { isExtensionError, offer, serviceToken } from "@plugboard/core";
import { anExtension, eventually } from "@plugboard/core/testing";
import { expect } from "vitest";
import { info, rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject } from "./conformance-host.js";

interface Orders {
  find(id: string): unknown;
  fail(kind: string): unknown;
  secretly(): string;
}
const Orders = serviceToken<Orders>("conformance.orders");
const ordersOffer = (orders: Partial<Orders> = {}) =>
  offer(
    Orders,
    {
      find: (id) => ({ id, lines: new Map([["a", 1n]]), at: new Date(0), note: undefined }),
      fail: () => {
        throw Object.assign(new RangeError("out of stock", { cause: new Error("why") }), { code: "E_STOCK" });
      },
      secretly: () => "hidden",
      ...orders,
    },
    { methods: { find: 1, fail: 1 } },
  );

const clerk = aSubject({
  id: "acme.clerk",
  services: ["conformance.orders"],
  head: "let orders;",
  run: "(id) => orders.find(id)",
  activate: `orders = context.services.get(Symbol.for("conformance.orders"));`,
});

inEachRuntime(
  "a host service is called with its arguments and answers with values of any kind",
  async (runtime) => {
    await using kit = await runtime.createHost({ services: [ordersOffer()], extensions: [clerk] });

    expect(await kit.run("clerk", "7")).toStrictEqual({
      id: "7",
      lines: new Map([["a", 1n]]),
      at: new Date(0),
      note: undefined,
    });
  },
);

inEachRuntime("a host service can be used while activate runs", async (runtime) => {
  await using kit = await runtime.createHost({
    services: [ordersOffer()],
    extensions: [
      aSubject({
        id: "acme.early",
        services: ["conformance.orders"],
        head: "let found;",
        run: "() => found",
        activate: `found = (await context.services.get(Symbol.for("conformance.orders")).find("early")).id;`,
      }),
    ],
  });

  expect(await kit.run("early")).toBe("early");
});

inEachRuntime(
  "a host service's methods return promises, and only those that were offered are there",
  async (runtime) => {
    await using kit = await runtime.createHost({
      services: [ordersOffer()],
      extensions: [
        aSubject({
          id: "acme.looker",
          services: ["conformance.orders"],
          run: `async () => {
          const orders = context.services.get(Symbol.for("conformance.orders"));
          const found = orders.find("1");
          return [typeof found.then, typeof orders.secretly, typeof orders.then, (await found).id];
        }`,
        }),
      ],
    });

    expect(await kit.run("looker")).toEqual(["function", "undefined", "undefined", "1"]);
  },
);

inEachRuntime("a host service gets as many arguments as were offered", async (runtime) => {
  const seen: unknown[][] = [];
  const find = (...args: unknown[]) => void seen.push(args);
  await using kit = await runtime.createHost({
    services: [ordersOffer({ find })],
    extensions: [
      aSubject({
        id: "acme.lavish",
        services: ["conformance.orders"],
        run: `async () => {
          const orders = context.services.get(Symbol.for("conformance.orders"));
          await orders.find(1, 2, { timeoutMs: 0 });
        }`,
      }),
    ],
  });
  await kit.run("lavish");

  expect(seen).toEqual([[1]]);
});

inEachRuntime("calls of a host service arrive in order and are answered in any", async (runtime) => {
  const seen: unknown[] = [];
  const slow = Promise.withResolvers<unknown>();
  await using kit = await runtime.createHost({
    services: [
      ordersOffer({
        find: (id) => {
          seen.push(id);
          if (id === "0") return slow.promise;
          if (id === "9") slow.resolve("slow");
          return id;
        },
      }),
    ],
    extensions: [
      aSubject({
        id: "acme.many",
        services: ["conformance.orders"],
        run: `(count) => {
          const orders = context.services.get(Symbol.for("conformance.orders"));
          return Promise.all(Array.from({ length: count }, (_, index) => orders.find(String(index))));
        }`,
      }),
    ],
  });

  const ids = Array.from({ length: 10 }, (_, index) => String(index));
  expect(await kit.run("many", 10)).toEqual(["slow", ...ids.slice(1)]);
  expect(seen).toEqual(ids);
});

inEachRuntime(
  "an error of a host service reaches the extension with name, code and causes",
  async (runtime) => {
    await using kit = await runtime.createHost({
      services: [ordersOffer()],
      extensions: [
        aSubject({
          id: "acme.unlucky",
          services: ["conformance.orders"],
          run: `async () => {
          try { await context.services.get(Symbol.for("conformance.orders")).fail("x"); }
          catch (error) {
            // As thrown, or as the cause of an error that names the service.
            const own = error.code === "E_STOCK" ? error : error.cause;
            return [own.name, own.message, own.code, own.cause.message];
          }
        }`,
        }),
      ],
    });

    expect(await kit.run("unlucky")).toEqual(["RangeError", "out of stock", "E_STOCK", "why"]);
  },
);

inEachRuntime(
  "a service that the manifest does not list is CAPABILITY_DENIED with the line to add",
  async (runtime) => {
    await using kit = await runtime.createHost({
      services: [ordersOffer()],
      extensions: [
        aSubject({
          id: "acme.nosy",
          run: `() => { try { context.services.get(Symbol.for("conformance.orders")); return "given"; }
          catch (error) { return [error.code, error.message]; } }`,
        }),
      ],
    });
    const [code, message] = (await kit.run("nosy")) as [string, string];

    expect(code).toBe("CAPABILITY_DENIED");
    expect(message).toContain("conformance.orders");
  },
);

inEachRuntime("a dependency that the manifest does not list is CAPABILITY_DENIED", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      anExtension({ id: "acme.base", activate: "return {};" }),
      aSubject({
        id: "acme.nosy",
        run: `() => { try { context.dependency("acme.base"); return "given"; } catch (error) { return error.code; } }`,
      }),
    ],
  });

  expect(await kit.run("nosy")).toBe("CAPABILITY_DENIED");
});

inEachRuntime("the context tells which extension it is", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [aSubject({ id: "acme.self", version: "1.2.3", run: "() => ({ ...context.extension })" })],
  });

  expect(await kit.run("self")).toEqual({
    id: "acme.self",
    version: "1.2.3",
    path: info(kit.host, "acme.self").folder,
  });
});

inEachRuntime("storage and secrets last across generations and hand out copies", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.keeper",
        run: `async (name) => {
          const { storage, secrets } = context;
          const seen = (await storage.get("seen")) ?? [];
          const before = await secrets.get("key");
          await storage.set("seen", [...seen, name]);
          await storage.set("gone", 1);
          await storage.delete("gone");
          await secrets.set("key", "secret of " + name);
          seen.push("a change of the copy");
          return { seen: await storage.get("seen"), keys: await storage.keys(), before, none: await storage.get("none") };
        }`,
      }),
    ],
  });

  await kit.run("keeper", "one");
  await kit.host.reload("acme.keeper");
  expect(await kit.run("keeper", "two")).toStrictEqual({
    seen: ["one", "two"],
    keys: ["seen"],
    before: "secret of one",
    none: undefined,
  });
});

inEachRuntime(
  "storage refuses a value that JSON can't carry, naming its path, and goes on",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.wrong",
          run: `async () => {
          const cycle = {}; cycle.self = cycle;
          const wrong = [() => 1, { list: [1, { "a/b": () => 1 }] }, { [Symbol.iterator]: 1, symbol: Symbol("s") },
            { big: 1n }, cycle, { at: new Date(0) }, { map: new Map() }, { not: NaN }, [1, undefined], undefined,
            { own: new (class Own {})() }, { get it() { throw new Error("no"); } }, { bytes: Uint8Array.of(1) }];
          const outcomes = [];
          for (const value of wrong)
            outcomes.push(await context.storage.set("key", value).then(() => "kept", (error) => [error.code, error.details.path]));
          const before = await context.storage.get("key");
          const twice = { n: 1 };
          await context.storage.set("key", { twice: [twice, twice], none: undefined, nil: null });
          return [outcomes, before, await context.storage.get("key")];
        }`,
        }),
      ],
    });
    const paths = [
      "",
      "/list/1/a~1b",
      "/symbol",
      "/big",
      "/self",
      "/at",
      "/map",
      "/not",
      "/1",
      "",
      "/own",
      "/it",
    ];

    expect(await kit.run("wrong")).toStrictEqual([
      [...paths, "/bytes"].map((path) => ["STATE_INVALID", path]),
      undefined,
      { twice: [{ n: 1 }, { n: 1 }], nil: null },
    ]);
  },
);

inEachRuntime("a secret that is no text is refused", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.wrong",
        run: `async () => {
          const code = await context.secrets.set("key", { a: 1 }).then(() => "kept", (error) => error.code);
          return [code, await context.secrets.get("key")];
        }`,
      }),
    ],
  });

  expect(await kit.run("wrong")).toEqual(["STATE_INVALID", undefined]);
});

const configurable = aSubject({
  id: "acme.settings",
  contributes: {
    subjects: [{ id: "settings" }],
    configuration: [
      { id: "word", type: "string", default: "Hello" },
      { id: "times", type: "integer", default: 1 },
      { id: "none", type: "string" },
    ],
  },
  run: `() => [context.configuration.all(), context.configuration.get("word"), context.configuration.get("none")]`,
  activate: `context.configuration.onDidChange(() => { write(context.configuration.get("word")); });`,
});

inEachRuntime("settings have their defaults and the host's values", async (runtime) => {
  await using kit = await runtime.createHost({
    settings: { "acme.settings": { word: "Hi" } },
    extensions: [configurable],
  });

  expect(await kit.run("settings")).toStrictEqual([{ word: "Hi", times: 1 }, "Hi", undefined]);
});

inEachRuntime("a running extension is told of new settings and finds them", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [configurable] });
  expect(await kit.run("settings")).toStrictEqual([{ word: "Hello", times: 1 }, "Hello", undefined]);

  kit.host.configure("acme.settings", { word: "Hey" });
  expect(await kit.run("settings")).toStrictEqual([{ word: "Hey", times: 1 }, "Hey", undefined]);
  await eventually(() => expect(kit.lines).toEqual(["Hey"]));
  expect(info(kit.host, "acme.settings").generation).toBe(1);
});

inEachRuntime(
  "a setting that can't cross is told of once in the log, with its path",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [configurable] });
    await kit.run("settings");
    for (let time = 0; time < 3; time++)
      kit.host.configure("acme.settings", { more: { callback: () => time } });
    kit.host.configure("acme.settings", { word: "Hey" });
    await eventually(() => expect(kit.lines.at(-1)).toBe("Hey"));

    const told = kit.records.filter(({ message }) => message.includes("could not be told"));
    expect(told).toMatchObject([
      {
        message: expect.stringContaining("/more/callback is a function") as unknown,
        fields: { extensionId: "acme.settings" },
      },
    ]);
  },
  { boundaries: "strict" },
);

inEachRuntime("messages without end are told up to a limit, and the others counted", async (runtime) => {
  const flood = 150_000;
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.talker",
        run: `(count) => { for (let line = 1; line <= count; line++) context.logger.info("flood " + line); }`,
      }),
    ],
  });
  await kit.run("talker", flood);

  const leftOut = () =>
    kit.records.flatMap(({ message }) => /^\(([\d,]+) more messages/.exec(message)?.[1] ?? []);
  const told = () => kit.records.filter(({ message }) => message.startsWith("flood ")).length;
  await eventually(() => {
    const counted = leftOut().reduce((sum, count) => sum + Number(count.replaceAll(",", "")), 0);
    expect(told() + counted).toBe(flood);
  });
  expect(told()).toBeGreaterThanOrEqual(100_000);
  expect(told() === flood).toBe(leftOut().length === 0);
});

inEachRuntime(
  "a log record carries level, message, fields, the extension's id and its generation",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.talker",
          run: `(word) => { for (const level of ["debug", "info", "warn", "error"]) context.logger[level](word, { level, list: [1] }); }`,
        }),
      ],
    });
    const records = (word: string) =>
      kit.records
        .filter(({ message }) => message === word)
        .map(({ level, fields }) => ({ level, ...fields }));
    const expected = (generation: number) =>
      ["debug", "info", "warn", "error"].map((level) =>
        expect.objectContaining({ level, list: [1], extensionId: "acme.talker", generation }),
      );

    await kit.run("talker", "first");
    await eventually(() => expect(records("first")).toEqual(expected(1)));
    await kit.host.reload("acme.talker");
    await kit.run("talker", "second");
    await eventually(() => expect(records("second")).toEqual(expected(2)));
  },
);

inEachRuntime(
  "log records arrive in the order they were made, errors among their fields as errors",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.talker",
          run: `() => { for (let line = 0; line < 100; line++) context.logger.info("line " + line);
          context.logger.error("failed", { error: Object.assign(new TypeError("why"), { code: "E_WHY" }) }); }`,
        }),
      ],
    });
    await kit.run("talker");

    await eventually(() =>
      expect(
        kit.records.filter(({ message }) => message.startsWith("line ")).map(({ message }) => message),
      ).toEqual(Array.from({ length: 100 }, (_, line) => `line ${line}`)),
    );
    await eventually(() =>
      expect(kit.records.find(({ message }) => message === "failed")?.fields["error"]).toMatchObject({
        name: "TypeError",
        message: "why",
        code: "E_WHY",
      }),
    );
  },
);

inEachRuntime("a log field that can't cross does not make the call fail", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.talker",
        run: `() => { const cycle = {}; cycle.self = cycle;
          context.logger.info("odd", { f: () => {}, cycle, symbol: Symbol("s"), fine: 1 }); return "fine"; }`,
      }),
    ],
  });

  expect(await kit.run("talker")).toBe("fine");
  await eventually(() =>
    expect(
      kit.records.filter(({ message }) => message === "odd").map(({ fields }) => fields["fine"]),
    ).toEqual([1]),
  );
});

inEachRuntime(
  "whatever is logged, the record has a text, and an error in any place is kept",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.talker",
          run: `() => { const { logger } = context;
          const error = Object.assign(new TypeError("why"), { code: "E_WHY" });
          logger.error(error); logger.error("failed", error); logger.error(error, { during: "lunch" });
          logger.info(42); logger.info({}); logger.info(undefined); logger.info("text", "not fields"); logger.info("end"); }`,
        }),
      ],
    });
    await kit.run("talker");

    await eventually(() => expect(kit.records.map(({ message }) => message)).toContain("end"));
    const told = kit.records
      .filter(({ fields }) => fields["extensionId"] === "acme.talker")
      .map(({ message, fields: { extensionId: _id, generation: _generation, ...fields } }) => [
        message,
        fields,
      ]);
    const why = { name: "TypeError", message: "why", code: "E_WHY", stack: expect.any(String) as unknown };
    expect(told).toMatchObject([
      ["why", { error: why }],
      ["failed", { error: why }],
      ["why", { error: why, during: "lunch" }],
      ["42", {}],
      ["{}", {}],
      ["undefined", {}],
      ["text", { value: "not fields" }],
      ["end", {}],
    ]);
  },
);

inEachRuntime(
  "what the code prints is logged line by line with its stream and its extension",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({
          id: "acme.printer",
          run: `() => {
            console.log("one\\ntwo"); process.stdout.write("thr"); process.stdout.write("ee\\n");
            console.error("oops");
          }`,
        }),
      ],
    });
    await kit.run("printer");

    const printed = (stream: string) =>
      kit.records
        .filter(({ fields }) => fields["stream"] === stream)
        .map(({ message, fields }) => [message, fields["extensionId"]]);
    await eventually(() =>
      expect(printed("stdout")).toEqual([
        ["one", "acme.printer"],
        ["two", "acme.printer"],
        ["three", "acme.printer"],
      ]),
    );
    await eventually(() => expect(printed("stderr")).toEqual([["oops", "acme.printer"]]));
  },
  { needs: "output of its own" },
);

inEachRuntime(
  "a last line without an end of line is logged when the extension ends",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [aSubject({ id: "acme.printer", run: `() => { process.stdout.write("half a line"); }` })],
    });
    await kit.run("printer");
    await kit.host.deactivate("acme.printer");

    await eventually(() =>
      expect(kit.records.map(({ message, fields }) => [message, fields["stream"]])).toContainEqual([
        "half a line",
        "stdout",
      ]),
    );
  },
  { needs: "output of its own" },
);

inEachRuntime(
  "what the code prints last of all is logged, also while the application is busy",
  async (runtime) => {
    await using kit = await runtime.createHost({
      restart: { budget: 1 },
      extensions: [
        aSubject({
          id: "acme.printer",
          run: `() => { setTimeout(() => {
            for (let line = 0; line < 2_000; line++) console.log("last words " + line);
            process.exit(1);
          }, 50); return "soon"; }`,
        }),
      ],
    });
    await kit.run("printer");
    const until = Date.now() + 300;
    while (Date.now() < until);

    await eventually(() => expect(kit.records.map(({ message }) => message)).toContain("last words 1999"));
    expect(kit.records.filter(({ message }) => message.startsWith("last words "))).toHaveLength(2_000);
  },
  { needs: "output of its own" },
);

const opener = aSubject({
  id: "acme.opener",
  contributes: {
    subjects: [{ id: "opener" }],
    points: [{ id: "panels", methods: { render: 1 }, activationEvent: "onPanel" }],
  },
  head: "let panels;",
  run: `async (width) => ({
    size: panels.size,
    entries: panels.entries().map(({ id, extensionId, item }) => [id, extensionId, item.title]),
    drawn: await Promise.all([...panels].map((panel) => panel.render(width))),
    none: panels.get("nothing") === undefined,
  })`,
  activate: `panels = context.contributions("panels");
    panels.onDidChange(({ added, removed }) => {
      write([...added.map(({ id }) => "+" + id), ...removed.map(({ id }) => "-" + id)].join(" "));
    });`,
});
const aPanel = (id: string, sign: string) =>
  anExtension({
    id: `acme.${id}`,
    contributes: { panels: [{ id, title: id.toUpperCase() }] },
    supplies: { panels: { [id]: `{ render: (width) => "${sign}".repeat(width) }` } },
  });

inEachRuntime("an extension calls what others contribute to the point that it opens", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [opener, aPanel("clock", "#"), aPanel("map", "~")],
  });

  expect(await kit.run("opener", 3)).toEqual({
    size: 2,
    entries: [
      ["clock", "acme.clock", "CLOCK"],
      ["map", "acme.map", "MAP"],
    ],
    drawn: ["###", "~~~"],
    none: true,
  });
});

inEachRuntime("an extension is told what comes to and leaves the point that it opens", async (runtime) => {
  await using kit = await runtime.createHost({ extensions: [opener] });
  expect(await kit.run("opener", 1)).toMatchObject({ size: 0, drawn: [] });

  const clock = aPanel("clock", "#");
  await kit.write(clock);
  await kit.host.rescan();
  await eventually(async () => expect(await kit.run("opener", 2)).toMatchObject({ size: 1, drawn: ["##"] }));
  await kit.remove(clock);
  await kit.host.rescan();
  await eventually(async () => expect(await kit.run("opener", 2)).toMatchObject({ size: 0, drawn: [] }));
  await eventually(() => expect(kit.lines).toEqual(["+clock", "-clock"]));
});

inEachRuntime(
  "an error of what is contributed reaches the extension that opened the point",
  async (runtime) => {
    const failing = anExtension({
      id: "acme.failing",
      contributes: { panels: [{ id: "failing", title: "F" }] },
      supplies: { panels: { failing: `{ render() { throw new RangeError("too wide"); } }` } },
    });
    await using kit = await runtime.createHost({ extensions: [opener, failing] });

    const error = await rejection(kit.run("opener", 3));
    expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
    expect(error).toMatchObject({ extensionId: "acme.failing" });
    expect((error as Error).message).toContain("too wide");
  },
);

inEachRuntime(
  "options of a call that an extension makes are refused when they are not of their kind",
  async (runtime) => {
    const asker = aSubject({
      id: "acme.asker",
      contributes: { subjects: [{ id: "asker" }], points: [{ id: "panels", methods: { render: 1 } }] },
      run: `async () => {
        const panel = context.contributions("panels").get("clock");
        const wrong = [{ timeoutMs: "50" }, { timeoutMs: -1 }, { timeoutMs: NaN }, { signal: {} }, { transfer: 1 }];
        const outcomes = wrong.map((options) => panel.render(1, options).catch((error) => error.name));
        return [...await Promise.all(outcomes), await panel.render(1, { timeoutMs: Infinity }), await panel.render(1, 7)];
      }`,
    });
    await using kit = await runtime.createHost({ extensions: [asker, aPanel("clock", "#")] });

    expect(await kit.run("asker")).toEqual([...Array<string>(5).fill("TypeError"), "#", "#"]);
  },
);

inEachRuntime("a point that an extension does not open is refused to it", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.nosy",
        run: `() => { try { context.contributions("subjects"); return "given"; } catch (error) { return error.code; } }`,
      }),
    ],
  });

  expect(await kit.run("nosy")).toBe("CALL_UNKNOWN_TARGET");
});

inEachRuntime("a command takes any number of arguments", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      anExtension({
        id: "acme.command",
        contributes: { commands: [{ id: "acme.count" }] },
        supplies: { commands: { "acme.count": "{ execute: (...args) => [args.length, ...args] }" } },
      }),
    ],
  });

  expect(await kit.host.executeCommand("acme.count")).toEqual([0]);
  expect(await kit.host.executeCommand("acme.count", 1, undefined, { a: 2 })).toEqual([
    3,
    1,
    undefined,
    { a: 2 },
  ]);
});
