/** What the application's own functions throw about one extension is a Problem of that one, and of nobody else. */
import { contributionPoint, type HostOptions } from "@plugboard/core";
import { anExtension, createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";
import { FragileRuntime } from "../support/fragile-runtime.js";

const bad = aGreeter({ id: "acme.bad" });
const good = aGreeter({ id: "acme.good" });

const failing: { readonly [Option in "grants" | "runtimePolicy"]: Pick<HostOptions, Option> } = {
  grants: {
    grants: ({ id }) => {
      if (id === "acme.bad") throw new Error("out of order");
      return {};
    },
  },
  runtimePolicy: {
    runtimePolicy: ({ id }) => {
      if (id === "acme.bad") throw new Error("out of order");
      return "in-process";
    },
  },
};

test.each(["grants", "runtimePolicy"] as const)(
  "%s that fail for one extension are its Problem, and the others are served",
  async (option) => {
    const services = ["test.orders"];
    await using kit = await createTestHost({
      ...failing[option],
      extensions: [bad.with({ services, activationEvents: ["onStartup"] }), good],
    });
    expect(await greet(kit.host, "good")).toBe("good 1.0.0: World");
    expect(info(kit.host, "acme.good").problems).toEqual([]);
    expect(info(kit.host, "acme.bad").problems).toContainEqual(
      expect.objectContaining({
        code: "CONFIG_FUNCTION_FAILED",
        message: `The application's ${option} failed for acme.bad: out of order`,
      }),
    );
    expect(kit.host.explain("acme.bad").format()).toContain("CONFIG_FUNCTION_FAILED");
  },
);

test("what the runtime policy can't place runs nowhere, and runs once it can", async () => {
  let isOutOfOrder = true;
  await using kit = await createTestHost({
    extensions: [bad],
    runtimePolicy: () => {
      if (isOutOfOrder) throw new Error("out of order");
      return "in-process";
    },
  });
  expect(await rejection(greet(kit.host, "bad"))).toMatchObject({ code: "CONFIG_FUNCTION_FAILED" });
  isOutOfOrder = false;
  await eventually(async () => expect(await greet(kit.host, "bad")).toBe("bad 1.0.0: World"));
  expect(info(kit.host, "acme.bad").problems).toEqual([]);
});

test("where the restart policy fails, the usual one holds", async () => {
  const runtime = new FragileRuntime();
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.fragile", manifest: { runtime: "fragile" } })],
    runtimes: [runtime],
    restart: () => {
      throw new Error("out of order");
    },
  });
  await greet(kit.host, "fragile");
  runtime.session("acme.fragile").crash();
  await eventually(() => expect(info(kit.host, "acme.fragile").restart?.delayMs).toBe(100));
  expect(info(kit.host, "acme.fragile").problems.map(({ code }) => code)).toContain("CONFIG_FUNCTION_FAILED");
});

test.each([
  ["throws", () => (undefined as unknown as { name: string }).name],
  ["returns no text", () => undefined as unknown as string],
])("a point whose activationEvent %s for one item serves all", async (_, fail) => {
  const slots = contributionPoint<{ run(): number }>()({
    id: "slots",
    methods: { run: 0 },
    activationEvent: ({ id }) => (id === "bad" ? fail() : `onSlot:${id}`),
  });
  const aSlot = (name: string) =>
    anExtension({
      id: `acme.${name}`,
      contributes: { slots: [{ id: name }] },
      supplies: { slots: { [name]: "{ run: () => 1 }" } },
    });
  await using kit = await createTestHost({ points: [slots], extensions: [aSlot("bad"), aSlot("good")] });

  expect(await kit.host.contributions(slots).get("good")?.run()).toBe(1);
  expect(await kit.host.contributions(slots).get("bad")?.run()).toBe(1);
  expect(info(kit.host, "acme.good").problems).toEqual([]);
  expect(info(kit.host, "acme.bad").problems).toMatchObject([
    { code: "CONFIG_FUNCTION_FAILED", severity: "warning", path: "/contributes/slots/0", line: 11 },
  ]);
});
