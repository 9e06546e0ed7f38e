/** Circles of dependencies are named, never waited for. */
import { createTestHost, anExtension } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection, states } from "../support/extensions.js";

test.each([1, 2, 3, 7])("a dependency cycle of length %i is named as a path", async (length) => {
  const ids = Array.from({ length }, (_, i) => `acme.e${i}`);
  await using kit = await createTestHost({
    extensions: ids.map((id, i) =>
      anExtension({ id, dependsOn: [ids[(i + 1) % length]!], activationEvents: ["onStartup"] }),
    ),
  });

  for (const id of ids) {
    const { state, reason } = info(kit.host, id);
    expect(state).toBe("blocked");
    expect(reason?.code).toBe("DEPENDENCY_CYCLE");
    for (const member of ids) expect(reason?.message).toContain(member);
  }
});

test("two entries into one cycle both get DEPENDENCY_CYCLE", async () => {
  await using kit = await createTestHost({
    extensions: [
      aGreeter({ id: "acme.one", dependsOn: ["acme.two"] }),
      aGreeter({ id: "acme.two", dependsOn: ["acme.one"] }),
    ],
  });

  const errors = await Promise.all([
    rejection(kit.host.activate("acme.one")),
    rejection(kit.host.activate("acme.two")),
  ]);
  expect(errors).toMatchObject([{ code: "DEPENDENCY_CYCLE" }, { code: "DEPENDENCY_CYCLE" }]);
});

test("extensions outside a cycle run, those that depend on it are blocked", async () => {
  await using kit = await createTestHost({
    extensions: [
      anExtension({ id: "acme.one", dependsOn: ["acme.two"] }),
      anExtension({ id: "acme.two", dependsOn: ["acme.one"] }),
      anExtension({ id: "acme.above", dependsOn: ["acme.one"], activationEvents: ["onStartup"] }),
      anExtension({ id: "acme.apart", activationEvents: ["onStartup"] }),
    ],
  });

  expect(states(kit.host)).toEqual({
    "acme.above": "blocked",
    "acme.apart": "active",
    "acme.one": "blocked",
    "acme.two": "blocked",
  });
});

test("breaking a cycle lets its members run", async () => {
  const two = aGreeter({ id: "acme.two", dependsOn: ["acme.one"] });
  await using kit = await createTestHost({
    extensions: [aGreeter({ id: "acme.one", dependsOn: ["acme.two"] }), two],
  });

  await kit.write(two.with({ dependsOn: [] }));
  await kit.host.rescan();
  expect(await greet(kit.host, "one")).toBe("one 1.0.0: World");
});
