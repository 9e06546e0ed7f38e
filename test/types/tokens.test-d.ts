/** What tokens let a container and an extension's services infer. */
import {
  Greeter,
  greeters,
  serviceToken,
  token,
  tokenId,
  transformers,
  Transformer,
  type ExtensionContext,
  type LiveCollection,
  type Remote,
  type ServiceToken,
  type Stub,
  type Token,
} from "@plugboard/core";
import { Container, inject, injectable, multiInject } from "inversify";
import { expectTypeOf, test } from "vitest";

interface Orders {
  readonly currency: string;
  find(id: string): string | undefined;
}
const Orders = serviceToken<Orders>("test.orders");
declare const container: Container;
declare const context: ExtensionContext;

test("a token is a symbol", () => {
  expectTypeOf(Orders).toExtend<symbol>();
  expectTypeOf(Orders).toExtend<ServiceToken<Orders>>();
  expectTypeOf(tokenId(Orders)).toEqualTypeOf<string>();
});

test("container.get and getAll infer the caller's view of the contract", () => {
  expectTypeOf(container.get(Greeter)).toEqualTypeOf<Remote<Greeter>>();
  expectTypeOf(container.getAll(Greeter)).toEqualTypeOf<Remote<Greeter>[]>();
  expectTypeOf(container.getAll(Transformer)[0]!.transform).parameter(0).toEqualTypeOf<string>();
  expectTypeOf(container.get(Orders).find("7")).toEqualTypeOf<Promise<string | undefined>>();
});

test("the collection token infers the live collection", () => {
  expectTypeOf(container.get(greeters.collection)).toEqualTypeOf<LiveCollection<Greeter>>();
  expectTypeOf(container.get(transformers.collection).get("upper")).toEqualTypeOf<
    Stub<Transformer> | undefined
  >();
});

test("a token of a plain value infers that value", () => {
  const Limit = token<number>("test.limit");
  expectTypeOf(Limit).toExtend<Token<number>>();
  expectTypeOf(container.get(Limit)).toEqualTypeOf<number>();
});

test("binding takes what the token names and nothing else", () => {
  container.bind(Orders).toConstantValue({ currency: "EUR", find: async () => "7" });
  // @ts-expect-error -- a method of what is injected returns a promise
  container.bind(Orders).toConstantValue({ currency: "EUR", find: () => "7" });
  // @ts-expect-error -- the field is missing
  container.bind(Orders).toConstantValue({ find: async () => "7" });
});

test("tokens of different contracts are not interchangeable", () => {
  // @ts-expect-error -- a transformer has no greet
  expectTypeOf(container.get(Transformer).greet).toBeFunction();
  // @ts-expect-error -- a greeter's token is not a transformer's
  const wrong: ServiceToken<Transformer> = Greeter;
  expectTypeOf(wrong).toExtend<symbol>();
});

test("the same tokens serve @inject and @multiInject", () => {
  @injectable()
  class Reception {
    readonly greeters: readonly Remote<Greeter>[];
    readonly orders: Remote<Orders>;
    constructor(@multiInject(Greeter) all: Remote<Greeter>[], @inject(Orders) orders: Remote<Orders>) {
      this.greeters = all;
      this.orders = orders;
    }
  }
  expectTypeOf<Reception["orders"]["currency"]>().toEqualTypeOf<string>();
});

test("services.get infers the caller's view, too", () => {
  expectTypeOf(context.services.get(Orders)).toEqualTypeOf<Remote<Orders>>();
  // @ts-expect-error -- a plain string names no contract
  context.services.get("test.orders");
});
