/** What an end that nobody asked for costs: the extension, its group and its dependents, and nothing else. */
import { isExtensionError } from "@plugboard/core";
import { eventually } from "@plugboard/core/testing";
import { expect } from "vitest";
import { info, ownProblems, rejection } from "../support/extensions.js";
import { inEachRuntime } from "./conformance-case.js";
import { aSubject } from "./conformance-host.js";

const needs = "an exit of its own";

const fragile = aSubject({
  id: "acme.fragile",
  head: "let calls = 0;",
  run: `(input) => {
    calls++;
    if (input === "exit") process.exit(3);
    if (input === "hang") return new Promise(() => {});
    return calls;
  }`,
});
const fragileBase = { id: "acme.base", run: "(input) => (input === 'exit' ? process.exit(5) : input)" };
const other = aSubject({ id: "acme.other", run: "(input) => 'other ' + input" });
const crashed = (error: unknown) => isExtensionError(error, "EXTENSION_CRASHED");

inEachRuntime(
  "an exit in the middle of a call rejects it with EXTENSION_CRASHED",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [fragile] });
    await kit.run("fragile");

    const error = await rejection(kit.run("fragile", "exit"));
    expect(crashed(error)).toBe(true);
    expect(error).toMatchObject({ extensionId: "acme.fragile" });
  },
  { needs },
);

inEachRuntime(
  "a first call that ends the extension is made once",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [fragile] });

    expect(crashed(await rejection(kit.run("fragile", "exit")))).toBe(true);
    await eventually(async () => expect(await kit.run("fragile")).toBe(1));
    expect(kit.record.kinds("acme.fragile").filter((kind) => kind === "failed")).toHaveLength(1);
  },
  { needs },
);

inEachRuntime(
  "every call in flight at an exit is rejected, and each once",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [fragile] });
    await kit.run("fragile");
    const settled: number[] = [];
    const hanging = Array.from({ length: 20 }, (_, index) =>
      rejection(kit.run("fragile", "hang")).then((error) => {
        settled.push(index);
        return error;
      }),
    );

    const exit = rejection(kit.run("fragile", "exit"));
    const errors = await Promise.all([...hanging, exit]);
    expect(errors.map(crashed)).toEqual(errors.map(() => true));
    expect(settled).toEqual(hanging.map((_, index) => index));
  },
  { needs },
);

inEachRuntime(
  "a call after a crash is answered by the next generation",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [fragile] });
    expect(await kit.run("fragile")).toBe(1);
    expect(await kit.run("fragile")).toBe(2);
    await rejection(kit.run("fragile", "exit"));

    await eventually(async () => expect(await kit.run("fragile")).toBe(1));
    expect(info(kit.host, "acme.fragile")).toMatchObject({ state: "active" });
    expect(info(kit.host, "acme.fragile").generation).toBeGreaterThan(1);
  },
  { needs },
);

inEachRuntime(
  "the host tells of a crash by event, reason and log",
  async (runtime) => {
    await using kit = await runtime.createHost({
      limits: { retryMs: 60_000 },
      extensions: [fragile],
    });
    await kit.run("fragile");
    await rejection(kit.run("fragile", "exit"));

    await eventually(() => expect(kit.record.kinds("acme.fragile")).toContain("failed"));
    const failed = kit.record.events.find(({ kind }) => kind === "failed");
    expect(failed).toMatchObject({
      id: "acme.fragile",
      generation: 1,
      reason: { code: "EXTENSION_CRASHED" },
    });
    expect(failed?.reason?.message).toContain("3");
    await eventually(() =>
      expect(
        kit.record.events.filter(({ problem }) => problem?.code === "EXTENSION_CRASHED").length +
          kit.records.filter(({ fields }) => fields["extensionId"] === "acme.fragile").length,
      ).toBeGreaterThan(0),
    );
  },
  { needs },
);

inEachRuntime(
  "a crash leaves the calls of other extensions alone",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [fragile, other] });
    await kit.run("fragile");
    await kit.run("other", 0);
    const answers = Array.from({ length: 50 }, (_, index) => kit.run("other", index));
    const exit = rejection(kit.run("fragile", "exit"));

    expect(crashed(await exit)).toBe(true);
    expect(await Promise.all(answers)).toEqual(answers.map((_, index) => `other ${index}`));
    expect(info(kit.host, "acme.other")).toMatchObject({ state: "active", generation: 1 });
  },
  { needs },
);

inEachRuntime(
  "an exit during activate fails the activation and the calls that wait for it",
  async (runtime) => {
    await using kit = await runtime.createHost({
      limits: { retryMs: 60_000 },
      extensions: [aSubject({ id: "acme.stillborn", activate: "process.exit(4);" }), other],
    });

    const errors = await Promise.all([rejection(kit.run("stillborn")), rejection(kit.run("stillborn"))]);
    for (const error of errors)
      expect(["EXTENSION_CRASHED", "ACTIVATION_FAILED"]).toContain((error as { code?: string }).code);
    expect(info(kit.host, "acme.stillborn").state).toBe("failed");
    expect(await kit.run("other", 1)).toBe("other 1");
  },
  { needs },
);

inEachRuntime(
  "an exit while the file is loaded fails the activation and the calls that wait for it",
  async (runtime) => {
    await using kit = await runtime.createHost({
      limits: { retryMs: 60_000 },
      extensions: [aSubject({ id: "acme.stillborn", head: "process.exit(4);" }), other],
    });

    const error = await rejection(kit.run("stillborn"));
    expect(isExtensionError(error)).toBe(true);
    expect(info(kit.host, "acme.stillborn").state).toBe("failed");
    expect(await kit.run("other", 1)).toBe("other 1");
  },
  { needs },
);

inEachRuntime(
  "a first call that blocks for ever is late as a call, and the extension counts as active",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [aSubject({ id: "acme.blocker", run: "() => { for (;;); }" }), other],
    });

    expect(await rejection(kit.run("blocker", 1, { timeoutMs: 1_000 }))).toMatchObject({
      code: "CALL_TIMEOUT",
    });
    await eventually(() => expect(kit.record.kinds("acme.blocker")).toContain("activated"));
    expect(await kit.run("other", 1)).toBe("other 1");
  },
  { needs },
);

inEachRuntime(
  "a crash takes the dependents of the extension down, and they come back with it",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [
        aSubject({ ...fragileBase, activate: "return { word: () => 'word' };" }),
        aSubject({
          id: "acme.user",
          dependsOn: ["acme.base"],
          run: `() => context.dependency("acme.base").word()`,
        }),
        other,
      ],
    });
    expect(await kit.run("user")).toBe("word");
    expect(crashed(await rejection(kit.run("base", "exit")))).toBe(true);

    await eventually(async () => expect(await kit.run("user")).toBe("word"));
    expect(info(kit.host, "acme.user").generation).toBeGreaterThan(1);
    expect(info(kit.host, "acme.other").generation).toBeLessThanOrEqual(1);
  },
  { needs },
);

inEachRuntime(
  "a third crash within five minutes stops the extension until somebody asks",
  async (runtime) => {
    await using kit = await runtime.createHost({ extensions: [fragile, other] });
    for (let crash = 0; crash < 3; crash++) {
      await eventually(async () => expect(await kit.run("fragile")).toBeGreaterThan(0));
      expect(crashed(await rejection(kit.run("fragile", "exit")))).toBe(true);
    }

    await eventually(() =>
      expect(info(kit.host, "acme.fragile")).toMatchObject({
        state: "failed",
        reason: { code: "CRASHED_TOO_OFTEN" },
      }),
    );
    expect(isExtensionError(await rejection(kit.run("fragile")))).toBe(true);
    expect(await kit.run("other", 1)).toBe("other 1");
    await kit.host.retry("acme.fragile");
    expect(await kit.run("fragile")).toBe(1);
  },
  { needs, timeoutMs: 60_000 },
);

const here = `async () => {
  const { threadId } = await import("node:worker_threads");
  return process.pid + "/" + threadId;
}`;
const member = (id: string, group?: string) =>
  aSubject({
    id: `acme.${id}`,
    run: `(input) => (input === "exit" ? process.exit(6) : (${here})())`,
    manifest: group === undefined ? {} : { group },
  });
/** A boundary is shared only with a grant. */
const shared = { group: "shared" };
const grants = { "acme.one": shared, "acme.two": shared };

inEachRuntime(
  "extensions share nothing unless they are of one group",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [member("one"), member("two"), member("three", "alone")],
    });

    const places = [await kit.run("one"), await kit.run("two"), await kit.run("three")];
    expect(new Set(places).size).toBe(3);
    expect(places).not.toContain(`${process.pid}/0`);
  },
  { needs: "groups" },
);

inEachRuntime(
  "extensions of one group share a thread or a process",
  async (runtime) => {
    await using kit = await runtime.createHost({
      grants,
      extensions: [member("one", "shared"), member("two", "shared"), member("three", "other")],
    });

    const [one, two, three] = await Promise.all([kit.run("one"), kit.run("two"), kit.run("three")]);
    expect(one).toBe(two);
    expect(three).not.toBe(one);
  },
  { needs: "groups" },
);

inEachRuntime(
  "a group that a manifest names is shared over a boundary of trust only with a grant",
  async (runtime) => {
    await using kit = await runtime.createHost({
      extensions: [member("one", "shared"), member("two", "shared")],
      grants: { "acme.one": shared },
    });
    const [one, two] = await Promise.all([kit.run("one"), kit.run("two")]);
    const isBoundary = info(kit.host, "acme.two").trust !== "full rights";
    expect(one === two).toBe(!isBoundary);
    const ungranted = { code: "CAPABILITY_UNGRANTED", severity: "warning", path: "/group" };
    expect(ownProblems(kit.host, "acme.one")).toEqual([]);
    expect(ownProblems(kit.host, "acme.two")).toMatchObject(isBoundary ? [ungranted] : []);
  },
  { needs: "groups" },
);

inEachRuntime(
  "a reload of one extension of a group leaves the others where they are",
  async (runtime) => {
    await using kit = await runtime.createHost({
      grants,
      extensions: [member("one", "shared"), member("two", "shared")],
    });
    const before = await kit.run("two");
    await kit.run("one");
    await kit.host.reload("acme.one");
    await kit.run("one");

    expect(await kit.run("two")).toBe(before);
    expect(info(kit.host, "acme.two").generation).toBe(1);
  },
  { needs: "groups" },
);

inEachRuntime(
  "a crash takes the extensions of its group and no other",
  async (runtime) => {
    await using kit = await runtime.createHost({
      grants,
      extensions: [
        member("one", "shared"),
        member("two", "shared"),
        member("three"),
        member("four", "other"),
      ],
    });
    const apart = [await kit.run("three"), await kit.run("four")];
    await Promise.all([kit.run("one"), kit.run("two")]);

    expect(crashed(await rejection(kit.run("one", "exit")))).toBe(true);
    await eventually(() => {
      expect(kit.record.kinds("acme.one")).toContain("failed");
      expect(kit.record.kinds("acme.two")).toContain("failed");
    });
    expect([await kit.run("three"), await kit.run("four")]).toEqual(apart);
    for (const id of ["acme.three", "acme.four"]) expect(info(kit.host, id).generation).toBe(1);
    await eventually(async () => expect(await kit.run("one")).toBe(await kit.run("two")));
  },
  { needs: "groups" },
);
