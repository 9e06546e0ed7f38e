/** What an author may contribute, and what an application may say of a point. */
import {
  commands,
  contributionPoint,
  createExtensionHost,
  greeters,
  offer,
  serviceToken,
  transformers,
  type ContributionDelta,
  type ContributionPoint,
  type Extension,
  type ExtensionContext,
  type Greeter,
  type HostOptions,
  type LiveCollection,
  type OptionalDependency,
  type Remote,
} from "@plugboard/core";
import { expectTypeOf, test } from "vitest";

declare const context: ExtensionContext;

interface Panel {
  readonly title: string;
  render(width: number): string;
}
const Panel = serviceToken<Panel>("test.panel");

test("contribute infers the arguments from the point", () => {
  context.contribute(greeters, "english", {
    greet(name, call) {
      expectTypeOf(name).toEqualTypeOf<string>();
      expectTypeOf(call.signal).toEqualTypeOf<AbortSignal>();
      return name;
    },
  });
  context.contribute(commands, "hello", { execute: (...args) => args.length });
});

test("contribute by the point's id takes any object", () => {
  context.contribute("greeters", "english", { greet: (name: string) => name });
});

test("contribute refuses what does not fit its point", () => {
  // @ts-expect-error -- greet is missing
  context.contribute(greeters, "english", {});
  // @ts-expect-error -- greet answers with a string
  context.contribute(greeters, "english", { greet: () => 7 });
  // @ts-expect-error -- a transformer is no greeter
  context.contribute(greeters, "english", { transform: (input: string) => input });
  // @ts-expect-error -- the field comes from the manifest
  context.contribute(transformers, "upper", { name: "Upper", transform: (input) => input });
});

test("a point asks for the arity of every method and of nothing else", () => {
  const panels = contributionPoint<Panel>()({
    id: "panels",
    token: Panel,
    methods: { render: 1 },
    activationEvent: (panel) => {
      expectTypeOf(panel.title).toEqualTypeOf<string>();
      return `onPanel:${panel.id}`;
    },
  });
  expectTypeOf(panels).toEqualTypeOf<ContributionPoint<Panel>>();
  // @ts-expect-error -- render is missing
  contributionPoint<Panel>()({ id: "panels", methods: {} });
  // @ts-expect-error -- title is no method
  contributionPoint<Panel>()({ id: "panels", methods: { render: 1, title: 0 } });
});

test("host.contributions knows its stubs and deltas", () => {
  const host = createExtensionHost({ points: [greeters, transformers] });
  expectTypeOf(host.contributions(greeters)).toEqualTypeOf<LiveCollection<Greeter>>();
  host.contributions(greeters).onDidChange((delta) => {
    expectTypeOf(delta).toEqualTypeOf<ContributionDelta<Greeter>>();
  });
  for (const greeter of host.contributions(greeters)) {
    expectTypeOf(greeter.greet("World")).toEqualTypeOf<Promise<string>>();
  }
  // @ts-expect-error -- the method is not known without the point
  expectTypeOf(host.contributions("greeters").get("english")!).toHaveProperty("greet");
});

test("offer opens methods of the contract only", () => {
  interface Orders {
    readonly currency: string;
    find(id: string): string;
  }
  const Orders = serviceToken<Orders>("test.orders");
  const orders: Orders = { currency: "EUR", find: (id) => id };
  const options: HostOptions = { services: [offer(Orders, orders, { methods: { find: 1 } })] };
  expectTypeOf(options).toExtend<HostOptions>();
  // @ts-expect-error -- no such method
  offer(Orders, orders, { methods: { search: 1 } });
  // @ts-expect-error -- a field is no method
  offer(Orders, orders, { methods: { currency: 0 } });
});

test("both forms of an extension fit the interface", () => {
  class English implements Extension {
    activate(given: ExtensionContext): void {
      given.contribute(greeters, "english", { greet: (name) => name });
    }
    async saveState() {
      return { version: 1, value: {} };
    }
  }
  const plain: Extension = { activate: () => ({ add: (a: number, b: number) => a + b }) };
  expectTypeOf<English>().toExtend<Extension>();
  expectTypeOf(plain).toExtend<Extension>();
});

test("a dependency is typed by who asks for it", () => {
  interface Base {
    add(a: number, b: number): number;
  }
  const base = context.dependency<Remote<Base>>("acme.base");
  expectTypeOf(base.add(1, 2)).toEqualTypeOf<Promise<number>>();
  const optional = context.dependency<OptionalDependency<Base>>("acme.extra");
  expectTypeOf(optional.current?.add(1, 2)).toEqualTypeOf<Promise<number> | undefined>();
});

test("host options refuse unknown names and wrong shapes", () => {
  // @ts-expect-error -- the name is extensionFolders
  createExtensionHost({ extensionFolder: ["./extensions"] });
  // @ts-expect-error -- a list of folders
  createExtensionHost({ extensionFolders: "./extensions" });
  // @ts-expect-error -- limits are milliseconds
  createExtensionHost({ limits: { activateMs: "10s" } });
});
