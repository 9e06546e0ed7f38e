/** Extensions that use each other, each in any runtime: a row a runtime of the provider, a column one of the dependent. */
import { anExtension, eventually, type ExtensionFixture } from "@plugboard/core/testing";
import { expect } from "vitest";
import { info, rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject } from "./conformance-host.js";
import { runtimesOfAllLanguages } from "./runtimes-under-test.js";

const base = anExtension({
  id: "acme.base",
  head: "let count = 0; let words = ['one'];",
  activate: `return {
    add: (left, right) => left + right,
    later: async (value) => ({ value, again: ++count }),
    fail: () => { throw Object.assign(new TypeError("provider's own"), { code: "E_BASE" }); },
    words, version: 7, nothing: null, at: new Date(0),
  };`,
});

const user = aSubject({
  id: "acme.user",
  dependsOn: ["acme.base"],
  head: "let base;",
  run: `async (wish) => {
    if (wish === "calls") {
      const sum = base.add(1, 2);
      return [typeof sum.then, await sum, await base.later(new Map([["k", 1n]]))];
    }
    if (wish === "values") return { words: base.words, version: base.version, nothing: base.nothing, at: base.at };
    if (wish === "fail") {
      try { await base.fail(); } catch (error) {
        const own = error.code === "E_BASE" ? error : error.cause;
        return [own.name, own.message, own.code];
      }
    }
    return base.add(wish, wish);
  }`,
  activate: `base = context.dependency("acme.base");`,
});

const optionalUser = aSubject({
  id: "acme.user",
  optionallyDependsOn: ["acme.base"],
  head: "let base;",
  run: "async (wish) => (base.current === undefined ? 'alone' : base.current.add(wish, wish))",
  activate: `base = context.dependency("acme.base");
    base.onDidChange(() => { write(base.current === undefined ? "went" : "came"); });`,
});

for (const providing of runtimesOfAllLanguages) {
  const { kind: provider, absent, prepare } = providing;
  const adapt = providing.adapt ?? ((fixture: ExtensionFixture) => fixture);
  const policy = (kind: string) => (description: { readonly id: string }) =>
    description.id === "acme.base" ? provider : kind;
  const provided = adapt(base);
  const needed = {
    ...(absent === undefined ? {} : { absent }),
    ...(prepare === undefined ? {} : { prepare }),
  };

  inEachRuntime(
    `functions of a provider in ${provider} return promises to its dependent`,
    async (runtime) => {
      await using kit = await runtime.createHost({
        ...providing.options,
        runtimePolicy: policy(runtime.kind),
        extensions: [provided, user],
      });

      expect(await kit.run("user", "calls")).toStrictEqual([
        "function",
        3,
        { value: new Map([["k", 1n]]), again: 1 },
      ]);
      expect([info(kit.host, "acme.base").runtime, info(kit.host, "acme.user").runtime]).toEqual([
        provider,
        runtime.kind,
      ]);
    },
    needed,
  );

  inEachRuntime(
    `values of a provider in ${provider} are copies to its dependent`,
    async (runtime) => {
      await using kit = await runtime.createHost({
        ...providing.options,
        runtimePolicy: policy(runtime.kind),
        extensions: [provided, user],
      });

      expect(await kit.run("user", "values")).toStrictEqual({
        words: ["one"],
        version: 7,
        nothing: null,
        at: new Date(0),
      });
    },
    needed,
  );

  inEachRuntime(
    `an error of a provider in ${provider} reaches its dependent with name and code`,
    async (runtime) => {
      await using kit = await runtime.createHost({
        ...providing.options,
        runtimePolicy: policy(runtime.kind),
        extensions: [provided, user],
      });

      expect(await kit.run("user", "fail")).toEqual(["TypeError", "provider's own", "E_BASE"]);
    },
    needed,
  );

  inEachRuntime(
    `an update of a provider in ${provider} swaps together with its dependent`,
    async (runtime) => {
      await using kit = await runtime.createHost({
        ...providing.options,
        runtimePolicy: policy(runtime.kind),
        extensions: [provided, user],
      });
      expect(await kit.run("user", 2)).toBe(4);

      await kit.write(
        adapt(
          base.with({ version: "1.1.0", activate: "return { add: (left, right) => left * right + 100 };" }),
        ),
      );
      await kit.host.rescan();
      expect(await kit.run("user", 2)).toBe(104);
      expect(info(kit.host, "acme.user").generation).toBe(2);
    },
    needed,
  );

  inEachRuntime(
    `an optional provider in ${provider} comes and goes without a restart of its dependent`,
    async (runtime) => {
      const extra = provided.with({ activationEvents: ["onStartup"] });
      await using kit = await runtime.createHost({
        ...providing.options,
        runtimePolicy: policy(runtime.kind),
        extensions: [optionalUser],
      });
      expect(await kit.run("user", 2)).toBe("alone");

      await kit.write(extra);
      await kit.host.rescan();
      await eventually(async () => expect(await kit.run("user", 2)).toBe(4));
      await kit.remove(extra);
      await kit.host.rescan();
      await eventually(async () => expect(await kit.run("user", 2)).toBe("alone"));
      expect(info(kit.host, "acme.user")).toMatchObject({ state: "active", generation: 1 });
      await eventually(() => expect([kit.lines.at(0), kit.lines.at(-1)]).toEqual(["came", "went"]));
    },
    needed,
  );

  inEachRuntime(
    `without its provider in ${provider} a dependent is blocked, and runs again with it`,
    async (runtime) => {
      await using kit = await runtime.createHost({
        ...providing.options,
        runtimePolicy: policy(runtime.kind),
        extensions: [provided, user],
        limits: { dependencyMs: 100 },
      });
      expect(await kit.run("user", 2)).toBe(4);

      await kit.remove(provided);
      await kit.host.rescan();
      expect(info(kit.host, "acme.user")).toMatchObject({
        state: "blocked",
        reason: { code: "DEPENDENCY_MISSING" },
      });
      expect(await rejection(kit.run("user", 2))).toMatchObject({ code: "DEPENDENCY_FAILED" });
      await kit.write(provided);
      await kit.host.rescan();
      expect(await kit.run("user", 2)).toBe(4);
    },
    needed,
  );

  inEachRuntime(
    `exports of a provider in ${provider} that can't be sent are refused with their path`,
    async (runtime) => {
      const unsendable = base.with({
        activate: "return { add: (l, r) => l + r, tools: { list: [1, () => 1] } };",
      });
      await using kit = await runtime.createHost({
        runtimePolicy: policy(runtime.kind),
        extensions: [unsendable, user],
      });

      expect(await rejection(kit.run("user", 2))).toMatchObject({
        code: expect.stringMatching(/^CALL_NOT_SERIALIZABLE$|^DEPENDENCY_FAILED$/) as unknown,
      });
      const { reason } = info(kit.host, "acme.user");
      expect(reason?.message).toMatch(/acme\.base.*\/tools\/list\/1 is a function/);
    },
  );

  inEachRuntime(
    `exports of an optional provider in ${provider} that can't be sent are absent to its dependent`,
    async (runtime) => {
      const unsendable = base.with({
        activate: "const circle = {}; circle.self = circle; return { circle, add: (l, r) => l + r };",
      });
      await using kit = await runtime.createHost({
        runtimePolicy: policy(runtime.kind),
        extensions: [unsendable, optionalUser],
      });

      expect(await kit.run("user", 2)).toBe("alone");
      const told = [
        ...kit.records.map(({ message }) => message),
        ...info(kit.host, "acme.base").problems.map(({ message }) => message),
      ];
      expect(told.filter((message) => message.includes("/circle/self is the same object"))).toHaveLength(1);
    },
  );
}
