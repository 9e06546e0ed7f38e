/** What `strictBoundaries` shows an author in the host's own process: what would not reach another runtime. */
import { contributionPoint, isExtensionError, offer, serviceToken } from "@plugboard/core";
import { anExtension, createTestHost, type ExtensionSketch, type TestHost } from "@plugboard/core/testing";
import { describe, expect, test } from "vitest";
import { info, rejection } from "../support/extensions.js";
import { journal } from "../support/shared.js";

interface Probe {
  run(input: unknown): unknown;
}
const Probe = serviceToken<Probe>("acme.probe");
const probes = contributionPoint<Probe>()({
  id: "probes",
  token: Probe,
  methods: { run: 1 },
  activationEvent: (item) => `onProbe:${item.id}`,
});

/** What the host's service was given last. */
const given: unknown[] = [];
const Keeper = serviceToken<{ keep(value: unknown): unknown }>("acme.keeper");
const keeper = {
  keep: (value: unknown) => {
    given.push(value);
    return value;
  },
};

function createHost(strictBoundaries: boolean, ...sketches: readonly ExtensionSketch[]): Promise<TestHost> {
  return createTestHost({
    strictBoundaries,
    points: [probes],
    services: [offer(Keeper, keeper, { methods: { keep: 1 } })],
    extensions: sketches.map((sketch) => anExtension(sketch)),
  });
}

/** An extension that answers the probe of its name by the expression. */
function prober(run: string, more: Partial<ExtensionSketch> = {}): ExtensionSketch {
  return {
    id: "acme.prober",
    contributes: { probes: [{ id: "prober" }] },
    supplies: { probes: { prober: `{ run: ${run} }` } },
    services: ["acme.keeper"],
    activate: `keep = context.services.get(Symbol.for("acme.keeper")).keep;`,
    ...more,
    head: `let keep;\n${more.head ?? ""}`,
  };
}

async function run({ host }: TestHost, input?: unknown): Promise<unknown> {
  const probe = host.contributions(probes).get("prober");
  if (probe === undefined) throw new Error("There is no prober.");
  return probe.run(input);
}

const base: ExtensionSketch = {
  id: "acme.base",
  activate: "return { shared: { count: 1 }, echo: (value) => value, callback: (value) => value.go() };",
};
const dependent = (body: string) =>
  prober(`async (input) => { const base = context.dependency("acme.base"); ${body} }`, {
    dependsOn: ["acme.base"],
    head: "let context;",
    activate: "context = arguments[0];",
  });

describe("with strict boundaries", () => {
  test("arguments and results are copies", async () => {
    await using kit = await createHost(
      true,
      prober("(input) => { input.seen = true; kept = input; return input; }", { head: "let kept;" }),
    );
    const input = { list: new Map([["a", new Date(0)]]) };
    const result = await run(kit, input);
    expect(result).toEqual({ ...input, seen: true });
    expect(input).not.toHaveProperty("seen");
  });

  test("an argument that can't leave is refused with its place", async () => {
    await using kit = await createHost(true, prober("() => 1"));
    expect(await rejection(run(kit, { user: { onClick: () => 1 } }))).toMatchObject({
      code: "CALL_NOT_SERIALIZABLE",
      extensionId: "acme.prober",
      details: { what: "arguments", path: "/0/user/onClick", found: "a function" },
    });
  });

  test("a result that can't leave is refused with its place", async () => {
    await using kit = await createHost(true, prober("() => ({ items: [1, () => 2] })"));
    expect(await rejection(run(kit))).toMatchObject({
      code: "CALL_NOT_SERIALIZABLE",
      details: { what: "result", path: "/items/1" },
    });
  });

  test("an error arrives as it would from another thread", async () => {
    await using kit = await createHost(
      true,
      prober(
        `() => { throw Object.assign(new RangeError("too far", { cause: "why" }), { status: 5, stop() {} }); }`,
      ),
    );
    const error: any = await rejection(run(kit));
    expect(isExtensionError(error, "CALL_FAILED")).toBe(true);
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.cause).toMatchObject({
      message: "too far",
      cause: "why",
      status: 5,
      stop: expect.any(String),
    });
  });

  test("a host service gets copies and is only called with what can reach it", async () => {
    await using kit = await createHost(
      true,
      prober(`async (input) => {
        const mine = { a: 1 };
        const back = await keep(mine);
        const refused = await keep({ deep: [Symbol("s")] }).catch((error) => error);
        return { same: back === mine, code: refused.code, path: refused.details.path };
      }`),
    );
    expect(await run(kit)).toEqual({ same: false, code: "CALL_NOT_SERIALIZABLE", path: "/0/deep/0" });
    expect(given.at(-1)).toEqual({ a: 1 });
  });

  test("exports of a dependency are copies, and its functions are called with copies", async () => {
    await using kit = await createHost(
      true,
      base,
      dependent(`
        const mine = {};
        const refused = await base.callback({ go() {} }).catch((error) => error);
        return [base.shared.count, (await base.echo(mine)) === mine, refused.code];`),
    );
    expect(await run(kit)).toEqual([1, false, "CALL_NOT_SERIALIZABLE"]);
  });

  test("what is exported and can't leave fails the activation with its place", async () => {
    await using kit = await createHost(
      true,
      prober("() => 1", { activate: "return { tools: { now() {} } };" }),
    );
    expect(await rejection(run(kit))).toMatchObject({
      code: "CALL_NOT_SERIALIZABLE",
      details: { what: "exports", path: "/tools/now" },
    });
  });

  test("an extension is still one of the host's own process, and ends with all that it began", async () => {
    const told = journal();
    const kit = await createHost(
      true,
      prober("() => process.pid", {
        activate: `context.subscriptions.push({ dispose: () => { ${told.says("disposed")} } });`,
        deactivate: told.says("deactivated"),
      }),
    );
    expect(await run(kit)).toBe(process.pid);
    expect(info(kit.host, "acme.prober")).toMatchObject({ runtime: "in-process", trust: "full rights" });
    await kit.host.reload("acme.prober");
    expect(await run(kit)).toBe(process.pid);
    await kit.dispose();
    expect(told.lines).toEqual(["deactivated", "disposed", "deactivated", "disposed"]);
  });
});

describe("without strict boundaries", () => {
  test("arguments and results go by reference, whatever they are", async () => {
    await using kit = await createHost(false, prober("(input) => input"));
    const input = { onClick: () => 1 };
    expect(await run(kit, input)).toBe(input);
  });

  test("an error is the very one that was thrown", async () => {
    await using kit = await createHost(false, prober("(input) => { throw input; }"));
    const error = Object.assign(new Error("mine"), { stop: () => 1 });
    expect(await rejection(run(kit, error))).toMatchObject({ code: "CALL_FAILED", cause: error });
    expect(((await rejection(run(kit, error))) as Error).cause).toBe(error);
  });

  test("functions reach a host service and a dependency", async () => {
    await using kit = await createHost(
      false,
      base,
      dependent(`const go = () => 5; return [await base.callback({ go }), (await base.echo(go)) === go];`),
    );
    expect(await run(kit)).toEqual([5, true]);
  });
});
