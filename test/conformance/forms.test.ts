/** Every form an extension may have: module kinds, author forms, packages of its own. */
import { Container } from "inversify";
import { Greeter, greeters, offer, serviceToken } from "@plugboard/core";
import { anExtension } from "@plugboard/core/testing";
import { expect } from "vitest";
import { greet, info, rejection } from "../support/extensions.js";
import { inRepository } from "../support/repository.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject } from "./conformance-host.js";

interface Orders {
  find(id: string): string;
}
const Orders = serviceToken<Orders>("conformance.class-orders");
const orders = offer(Orders, { find: (id) => `order ${id}` }, { methods: { find: 1 } });

const clerk = anExtension({
  id: "acme.clerk",
  main: "./src/extension.ts",
  contributes: { greeters: [{ id: "clerk", lang: "Clerk" }] },
  services: ["conformance.class-orders"],
  source: `
    import { inject, injectable } from "inversify";
    import { greeters, serviceToken, type Extension, type ExtensionContext, type Remote } from "@plugboard/extension-api";
    import { exclaim } from "./exclaim.js";

    interface Orders { find(id: string): Promise<string> }
    const Orders = serviceToken<Orders>("conformance.class-orders");

    @injectable()
    class Phrase {
      constructor(@inject(Orders) private readonly orders: Remote<Orders>) {}
      async of(name: string): Promise<string> { return exclaim("Hello, " + (await this.orders.find(name))); }
    }

    @injectable()
    export default class Clerk implements Extension {
      #count = 0;
      constructor(@inject(Phrase) private readonly phrase: Phrase) {}
      activate(context: ExtensionContext): void {
        this.#count = (context.state?.value as number | undefined) ?? 0;
        context.contribute(greeters, "clerk", { greet: async (name) => (await this.phrase.of(name)) + ++this.#count });
      }
      saveState() { return { version: 1, value: this.#count }; }
    }`,
  files: { "src/exclaim.ts": "export const exclaim = (text: string): string => `${text}!`;" },
});

inEachRuntime(
  "a class in TypeScript gets services and its own classes through its constructor",
  async (runtime) => {
    await using kit = await runtime.createHost({ services: [orders], extensions: [clerk] });

    expect(await greet(kit.host, "clerk", "7")).toBe("Hello, order 7!1");
    await kit.host.reload("acme.clerk");
    expect(await greet(kit.host, "clerk", "8")).toBe("Hello, order 8!2");
  },
);

inEachRuntime(
  "a constructor that asks for an undeclared service is CAPABILITY_DENIED with the line to add",
  async (runtime) => {
    await using kit = await runtime.createHost({
      services: [orders],
      extensions: [clerk.with({ services: [] })],
    });
    const error = await rejection(greet(kit.host, "clerk", "7"));

    const messages: string[] = [];
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      messages.push(`${String((cause as { code?: string }).code)} ${cause.message}`);
    expect(messages.find((message) => message.startsWith("CAPABILITY_DENIED"))).toContain(
      `services: ["conformance.class-orders"]`,
    );
  },
);

inEachRuntime(
  "plain functions in an ES module, in CommonJS and in TypeScript are the same extension",
  async (runtime) => {
    const body = (exported: string) => `
    let log = [];
    ${exported} function activate(context) {
      log = context.state?.value ?? [];
      context.contribute("subjects", ID, { run: (input) => (log.push(input), log) });
    }
    ${exported} async function saveState() { return { version: 1, value: log }; }`;
    const forms = {
      esm: { main: "./extension.mjs", source: `const ID = "esm"; ${body("export")}` },
      js: { main: "./extension.js", source: `const ID = "js"; ${body("export")}` },
      cjs: {
        main: "./extension.cjs",
        source: `const ID = "cjs"; ${body("")} module.exports = { activate, saveState };`,
      },
      ts: { main: "./extension.ts", source: `const ID: string = "ts"; ${body("export")}` },
      cts: {
        main: "./extension.cts",
        source: `const ID: string = "cts"; ${body("")} module.exports = { activate, saveState };`,
      },
      mts: { main: "./extension.mts", source: `const ID: string = "mts" as const; ${body("export")}` },
    };
    await using kit = await runtime.createHost({
      extensions: Object.entries(forms).map(([id, form]) =>
        anExtension({ id: `acme.${id}`, contributes: { subjects: [{ id }] }, ...form }),
      ),
    });

    for (const id of Object.keys(forms)) {
      expect([id, await kit.run(id, 1)]).toEqual([id, [1]]);
      await kit.host.reload(`acme.${id}`);
      expect([id, await kit.run(id, 2)]).toEqual([id, [1, 2]]);
    }
  },
);

inEachRuntime("files of its own are imported, required and read again with each update", async (runtime) => {
  const extension = (word: string) =>
    aSubject({
      id: "acme.files",
      head: `import { word } from "./lib/word.js"; import { createRequire } from "node:module";
        import data from "./data.json" with { type: "json" };
        const { sign } = createRequire(import.meta.url)("./lib/sign.cjs");`,
      run: `async () => word + sign + data.number + (await import("./lib/later.js")).later`,
      files: {
        "lib/word.js": `export const word = "${word}";`,
        "lib/sign.cjs": "exports.sign = '-';",
        "lib/later.js": "export const later = '-later';",
        "data.json": `{"number": 7}`,
      },
    });
  await using kit = await runtime.createHost({ extensions: [extension("first")] });
  expect(await kit.run("files")).toBe("first-7-later");

  await kit.write(extension("second"));
  await kit.host.reload("acme.files");
  expect(await kit.run("files")).toBe("second-7-later");
});

inEachRuntime(
  "two extensions use two majors of one package, each from its own node_modules",
  async (runtime) => {
    const user = (id: string, major: string) =>
      aSubject({
        id: `acme.${id}`,
        head: `import { major } from "colours"; import common from "colours-cjs";`,
        run: `() => major + common.major`,
        files: {
          "node_modules/colours/package.json": `{"name": "colours", "version": "${major}.0.0", "type": "module", "exports": "./index.js"}`,
          "node_modules/colours/index.js": `export const major = "${major}";`,
          "node_modules/colours-cjs/package.json": `{"name": "colours-cjs", "version": "${major}.0.0"}`,
          "node_modules/colours-cjs/index.js": `exports.major = "+${major}";`,
        },
      });
    await using kit = await runtime.createHost({ extensions: [user("one", "1"), user("two", "2")] });

    expect([await kit.run("one"), await kit.run("two")]).toEqual(["1+1", "2+2"]);
  },
);

inEachRuntime("the packages of the host are there without a node_modules", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [
      aSubject({
        id: "acme.bare",
        head: `import "reflect-metadata"; import { Container } from "inversify";
          import { greeters, isExtensionError } from "@plugboard/extension-api";`,
        run: `() => [typeof Reflect.getMetadata, typeof new Container().bind, greeters.id, typeof isExtensionError]`,
      }),
    ],
  });

  expect(await kit.run("bare")).toEqual(["function", "function", "greeters", "function"]);
});

inEachRuntime("points and tokens of an extension are those of the host", async (runtime) => {
  const container = new Container();
  await using kit = await runtime.createHost({
    container,
    extensions: [
      anExtension({
        id: "acme.english",
        contributes: { greeters: [{ id: "english", lang: "English" }] },
        source: `import { greeters } from "@plugboard/extension-api";
          export function activate(context) { context.contribute(greeters, "english", { greet: (name) => "Hello, " + name + "!" }); }`,
      }),
    ],
  });

  const [injected] = container.getAll(Greeter);
  expect(injected).toBe(kit.host.contributions(greeters).get("english"));
  expect(await injected?.greet("World")).toBe("Hello, World!");
});

inEachRuntime("an extension without code is listed and has nothing to fail", async (runtime) => {
  await using kit = await runtime.createHost({
    extensions: [anExtension({ id: "acme.data", main: false, activationEvents: ["onStartup"] })],
  });

  expect(kit.report.failed).toEqual([]);
  expect(info(kit.host, "acme.data").problems).toEqual([]);
});

inEachRuntime("the bundled extensions that greet and transform do so unchanged", async (runtime) => {
  await using kit = await runtime.createHost({ extensionFolders: [inRepository("extensions")] });

  expect(await greet(kit.host, "english")).toBe("Hello, World! Nice to meet you.");
  expect(await greet(kit.host, "french")).toBe("Bonjour, World\u202f! Enchanté.");
  expect(await greet(kit.host, "formal")).toBe("Good day, World. How do you do?");
  expect(await kit.host.call("transformers", "upper", "transform", ["text"])).toBe("TEXT");
});
