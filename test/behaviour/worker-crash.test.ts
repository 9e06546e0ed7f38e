/** A thread that ends or loops: the host starts it again, names the place, and everybody else goes on. */
import { join } from "node:path";
import { createTestHost, eventually } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, ownProblems, rejection } from "../support/extensions.js";

const fragile = aGreeter({
  id: "acme.fragile",
  manifest: { runtime: "worker" },
  source: `export function activate(context) {
  context.contribute("greeters", "fragile", {
    greet(name) {
      if (name === "exit") process.exit(7);
      if (name === "loop") spin();
      return "Hello, " + name;
    },
  });
}
function spin() {
  for (;;);
}
`,
});
const other = aGreeter({ id: "acme.other", manifest: { runtime: "worker" } });

test("a thread that exits in a call rejects that call and is started again", async () => {
  await using kit = await createTestHost({ extensions: [fragile, other], restart: { delaysMs: [1] } });
  await greet(kit.host, "other");
  expect(await rejection(greet(kit.host, "fragile", "exit"))).toMatchObject({ code: "EXTENSION_CRASHED" });
  await eventually(() =>
    expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active", generation: 2 }),
  );

  expect(await greet(kit.host, "fragile")).toBe("Hello, World");
  expect(info(kit.host, "acme.other")).toMatchObject({ state: "active", generation: 1 });
});

test.each(["worker", "process"])(
  "a crash in a %s is a problem where the error was thrown",
  async (runtime) => {
    const source = `export function activate(context) {
  context.contribute("greeters", "careless", { greet: () => void setTimeout(() => { throw new Error("late") }) });
}
`;
    const careless = aGreeter({ id: "acme.careless", manifest: { runtime }, source });
    await using kit = await createTestHost({ extensions: [careless], restart: { budget: 1 } });
    await greet(kit.host, "careless").catch(() => undefined);
    await eventually(() => {
      expect(ownProblems(kit.host, "acme.careless")).toMatchObject([
        {
          code: "CRASHED_TOO_OFTEN",
          file: join(kit.folder, "acme.careless", "extension.js"),
          line: 2,
          column: 91,
          message: expect.stringMatching(/Error: late\.$/) as unknown,
        },
      ]);
    });
  },
);

test("a thread that loops is marked with the place, ended by the policy and started again", async () => {
  await using kit = await createTestHost({
    extensions: [fragile, other],
    limits: { unresponsiveMs: 200, callMs: 15_000 },
    restart: { delaysMs: [1], unresponsiveMs: 3_000 },
  });
  await Promise.all([greet(kit.host, "fragile"), greet(kit.host, "other")]);
  const call = rejection(greet(kit.host, "fragile", "loop"));
  await eventually(() => {
    expect(info(kit.host, "acme.fragile").unresponsive?.place).toMatchObject({ functionName: "spin" });
  });
  expect(info(kit.host, "acme.fragile").problems).toMatchObject([
    { code: "EXTENSION_UNRESPONSIVE", file: join(kit.folder, "acme.fragile", "extension.js"), line: 11 },
  ]);
  expect(await kit.host.memory("acme.fragile")).toBeGreaterThan(0);
  expect(await greet(kit.host, "other")).toBe("other 1.0.0: World");

  expect(await call).toMatchObject({
    code: "EXTENSION_CRASHED",
    message: expect.stringContaining("busy in spin") as unknown,
  });
  expect(await greet(kit.host, "fragile")).toBe("Hello, World");
  expect(kit.host.explain("acme.fragile").history).toMatchObject([
    { kind: "unresponsive", outcome: { kind: "ended" } },
    { kind: "crashed", outcome: { kind: "restarted", generation: 2 } },
  ]);
});
