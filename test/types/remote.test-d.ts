/** The two ends of a call, as types. */
import type {
  CallContext,
  CallOptions,
  Command,
  ContributionItem,
  FieldName,
  Greeter,
  Implementation,
  MethodName,
  Remote,
  Stub,
} from "@plugboard/core";
import { expectTypeOf, test } from "vitest";

interface Panel {
  readonly title: string;
  readonly side?: "left" | "right";
  render(width: number, height: number): string;
  refresh(): Promise<void>;
}
declare const panel: Remote<Panel>;
declare const stub: Stub<Greeter>;

test("a remote method returns a promise and takes options after its arguments", () => {
  expectTypeOf<Remote<Panel>["render"]>().toEqualTypeOf<
    (width: number, height: number, options?: CallOptions) => Promise<string>
  >();
  expectTypeOf<Remote<Panel>["refresh"]>().toEqualTypeOf<(options?: CallOptions) => Promise<void>>();
  expectTypeOf(stub.greet("World", { timeoutMs: 5, signal: undefined })).toEqualTypeOf<Promise<string>>();
});

test("fields pass as they are", () => {
  expectTypeOf(panel.title).toEqualTypeOf<string>();
  expectTypeOf(stub.id).toEqualTypeOf<string>();
  expectTypeOf(stub.lang).toEqualTypeOf<string>();
});

test("a method of any number of arguments takes no options", () => {
  expectTypeOf<Remote<Command>["execute"]>().toEqualTypeOf<
    (...args: readonly unknown[]) => Promise<unknown>
  >();
});

test("methods and fields are told apart", () => {
  expectTypeOf<MethodName<Panel>>().toEqualTypeOf<"render" | "refresh">();
  expectTypeOf<FieldName<Panel>>().toEqualTypeOf<"title" | "side">();
  expectTypeOf<ContributionItem<Greeter>>().toExtend<{ readonly id: string; readonly lang: string }>();
});

test("an author supplies methods only, by value or promise, and finds the context last", () => {
  expectTypeOf<keyof Implementation<Panel>>().toEqualTypeOf<"render" | "refresh">();
  expectTypeOf<Parameters<Implementation<Panel>["render"]>>().toEqualTypeOf<
    [width: number, height: number, context: CallContext]
  >();
  const plain: Implementation<Greeter> = { greet: (name) => `Hello, ${name}` };
  const patient: Implementation<Greeter> = {
    greet: async (name, call) => `Hello, ${name} ${call.deadline}`,
  };
  expectTypeOf(plain).toEqualTypeOf(patient);
});

test("wrong calls do not compile", () => {
  // @ts-expect-error -- the argument is missing
  void stub.greet();
  // @ts-expect-error -- a name is a string
  void stub.greet(7);
  // @ts-expect-error -- options have no such member
  void stub.greet("World", { timeout: 5 });
  // @ts-expect-error -- fields can't be assigned
  stub.lang = "x";
  // @ts-expect-error -- the answer is a promise
  const text: string = stub.greet("World");
  expectTypeOf(text).toBeString();
});
