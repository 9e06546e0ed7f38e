/**
 * Whatever people do to a watched folder, in any order and at any speed, afterwards the running set equals
 * the disk. Random sequences of commands against a real folder; a failure is shrunk and names its seed.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExtensionError, isExtensionError, type StartRequest } from "@plugboard/core";
import { createTestHost, eventually, type ExtensionFixture, type TestHost } from "@plugboard/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info } from "../support/extensions.js";
import { FragileRuntime } from "../support/fragile-runtime.js";

type Breakage = "syntax" | "throws" | "manifest";

/** What one slot holds on disk. */
interface Slot {
  folder: string;
  version: string;
  broken: Breakage | undefined;
  /** Whether the host has served it and it was never gone since: from then on every call must succeed. */
  dependable: boolean;
  /**
   * Whether the session of an update crashed that has not taken over: then what served before goes on, and the
   * update is not tried again before the folder changes.
   */
  isHeldBack: boolean;
}

interface Model {
  readonly runtime: FragileRuntime;
  readonly slots: Map<number, Slot>;
  readonly fired: Set<string>;
  versions: number;
}

const provider = 0;
const dependent = 3;
const slotCount = 5;
/** Slots whose sessions may crash: the provider, whose dependent goes down with it, and one that stands alone. */
const fragile: ReadonlySet<number> = new Set([provider, 4]);
const idOf = (slot: number) => `acme.g${slot}`;

function fixture(slot: number, folder: string, version: string, broken?: Breakage): ExtensionFixture {
  const whole = aGreeter({
    id: idOf(slot),
    folder,
    version,
    activationEvents: slot === provider ? ["onStartup"] : slot === 1 ? ["onOrder:paid"] : [],
    dependsOn: slot === dependent ? [idOf(provider)] : [],
    manifest: fragile.has(slot) ? { runtime: "fragile" } : {},
  });
  switch (broken) {
    case undefined:
      return whole;
    case "syntax":
      return whole.with({ source: "export function activate( {" });
    case "throws":
      return whole.with({ activate: `throw new Error("broken on purpose");` });
    case "manifest":
      return whole.with({ manifestText: `{ id: "${idOf(slot)}", version: }` });
  }
}

/** Greets as the extension's own code would, and fails where that would fail. */
function fragileRuntime(): FragileRuntime {
  const codeOf = ({ extension, main }: StartRequest) => readFile(join(extension.path, main), "utf8");
  return new FragileRuntime({
    load: async (request) => {
      if ((await codeOf(request)).endsWith("{")) throw new ExtensionError("MODULE_SYNTAX", "Unexpected end");
    },
    activate: async ({ request }) => {
      if ((await codeOf(request)).includes("broken on purpose")) throw new Error("broken on purpose");
    },
    answer: ({ request: { extension } }, name) =>
      `${extension.id.replace("acme.", "")} ${extension.version}: ${String(name)}`,
  });
}

type Command = fc.AsyncCommand<Model, TestHost>;

class Add implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => !model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    const version = `1.0.${++model.versions}`;
    const folder = `folder-${this.slot}-${model.versions}`;
    model.slots.set(this.slot, { folder, version, broken: undefined, dependable: false, isHeldBack: false });
    await kit.write(fixture(this.slot, folder, version));
  }
  toString = () => `add ${this.slot}`;
}

class Edit implements Command {
  readonly slot: number;
  readonly breakage: Breakage | undefined;
  constructor(slot: number, breakage: Breakage | undefined) {
    this.slot = slot;
    this.breakage = breakage;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    const slot = model.slots.get(this.slot)!;
    slot.version = `1.0.${++model.versions}`;
    slot.broken = this.breakage;
    slot.isHeldBack = false;
    await kit.write(fixture(this.slot, slot.folder, slot.version, this.breakage));
  }
  toString = () =>
    this.breakage === undefined ? `edit ${this.slot}` : `break ${this.slot} ${this.breakage}`;
}

class Delete implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    const { folder, version } = model.slots.get(this.slot)!;
    model.slots.delete(this.slot);
    undepend(model, this.slot);
    await kit.remove(fixture(this.slot, folder, version));
  }
  toString = () => `delete ${this.slot}`;
}

class Rename implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    const slot = model.slots.get(this.slot)!;
    const folder = `folder-${this.slot}-${++model.versions}`;
    slot.dependable = false;
    slot.isHeldBack = false;
    undepend(model, this.slot);
    await rename(join(kit.folder, slot.folder), join(kit.folder, folder));
    slot.folder = folder;
  }
  toString = () => `rename ${this.slot}`;
}

class Touch implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    await writeFile(join(kit.folder, model.slots.get(this.slot)!.folder, "README.md"), String(Math.random()));
  }
  toString = () => `touch ${this.slot}`;
}

class Call implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = () => true;
  async run(model: Model, kit: TestHost) {
    const must = model.slots.get(this.slot)?.dependable === true;
    if (!must && !ids(kit.host, "greeters").includes(`g${this.slot}`)) return;
    try {
      expect(await greet(kit.host, `g${this.slot}`)).toMatch(/^g\d 1\.0\.\d+: World$/);
    } catch (error) {
      if (must || !isExtensionError(error) || error.code === "INTERNAL") throw error;
    }
  }
  toString = () => `call ${this.slot}`;
}

class Crash implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => fragile.has(this.slot) && model.slots.has(this.slot);
  async run(model: Model, { host }: TestHost) {
    const session = model.runtime.alive(idOf(this.slot)).at(-1);
    if (session === undefined) return;
    if (host.extensions.get(idOf(this.slot))?.candidate?.generation === session.generation)
      model.slots.get(this.slot)!.isHeldBack = true;
    // Until the host has heard of it, a call may still reach what has ended.
    model.slots.get(this.slot)!.dependable = false;
    undepend(model, this.slot);
    session.crash();
  }
  toString = () => `crash ${this.slot}`;
}

class Fire implements Command {
  readonly event: string;
  constructor(event: string) {
    this.event = event;
  }
  check = () => true;
  async run(model: Model, kit: TestHost) {
    model.fired.add(this.event);
    await kit.host.activateByEvent(this.event);
  }
  toString = () => `fire ${this.event}`;
}

class Settle implements Command {
  check = () => true;
  async run(model: Model, kit: TestHost) {
    await settle(model, kit);
    for (const [number, slot] of model.slots) slot.dependable = runs(model, number);
  }
  toString = () => "settle";
}

function undepend(model: Model, slot: number) {
  const other = model.slots.get(dependent);
  if (slot === provider && other !== undefined) other.dependable = false;
}

/** Whether the disk alone says that a slot can be called. */
function runs(model: Model, slot: number): boolean {
  const content = model.slots.get(slot);
  if (content === undefined || content.broken !== undefined) return false;
  return slot !== dependent || runs(model, provider);
}

async function settle(model: Model, kit: TestHost) {
  const { host } = kit;
  await eventually(
    async () => {
      const absent = Array.from({ length: slotCount }, (_, slot) => slot).filter(
        (slot) => !model.slots.has(slot),
      );
      for (const slot of absent) {
        expect(host.extensions.get(idOf(slot)), idOf(slot)).toBeUndefined();
        expect(ids(host, "greeters")).not.toContain(`g${slot}`);
      }
      expect(host.extensions.size).toBe(model.slots.size);
      for (const [slot, { folder, version, broken, isHeldBack }] of model.slots) {
        if (slot === provider && model.slots.get(dependent)?.broken !== undefined) {
          // A dependent that serves its last good generation may hold its provider's update back.
          continue;
        }
        if (runs(model, slot)) {
          const greeting = await greet(host, `g${slot}`, "World", { timeoutMs: 1_000 });
          if (isHeldBack && info(host, idOf(slot)).candidate?.reason?.code === "EXTENSION_CRASHED") continue;
          expect(greeting).toBe(`g${slot} ${version}: World`);
          expect(info(host, idOf(slot))).toMatchObject({ state: "active", version });
          expect(info(host, idOf(slot)).candidate).toBeUndefined();
          expect(info(host, idOf(slot)).folder).toBe(join(kit.folder, folder));
        } else if (broken !== undefined) {
          const active = [...host.extensions].filter(
            ({ state, version: v }) => state === "active" && v === version,
          );
          expect(active.map(({ id }) => id)).not.toContain(idOf(slot));
        } else if (!model.slots.has(provider)) {
          expect(info(host, idOf(slot)).state).toBe("blocked");
        }
      }
      if (model.fired.has("onOrder:paid") && runs(model, 1)) expect(info(host, idOf(1)).state).toBe("active");
    },
    { timeoutMs: 5_000 },
  );
}

const slot = fc.nat(slotCount - 1);
const breakages: readonly Breakage[] = ["syntax", "throws", "manifest"];
const commands = fc.commands(
  [
    slot.map((number) => new Add(number)),
    slot.map((number) => new Add(number)),
    slot.map((number) => new Edit(number, undefined)),
    fc.tuple(slot, fc.constantFrom(...breakages)).map(([number, how]) => new Edit(number, how)),
    slot.map((number) => new Delete(number)),
    slot.map((number) => new Rename(number)),
    slot.map((number) => new Touch(number)),
    slot.map((number) => new Call(number)),
    fc.constantFrom(...fragile).map((number) => new Crash(number)),
    fc.constantFrom("onOrder:paid", "onOrder:open").map((event) => new Fire(event)),
    fc.constant(new Settle()),
  ],
  { maxCommands: 40, size: "max" },
);

test("whatever happens to a watched folder, afterwards the running set equals the disk", async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const runtime = fragileRuntime();
      await using kit = await createTestHost({
        watch: true,
        runtimes: [runtime],
        restart: { delaysMs: [1], budget: Infinity },
        limits: { incompleteMs: 30, retryMs: 1, dependencyMs: 500 },
      });
      const model: Model = { runtime, slots: new Map(), fired: new Set(), versions: 0 };
      await fc.asyncModelRun(() => ({ model, real: kit }), sequence);
      await settle(model, kit);
      for (const [number, { broken, isHeldBack }] of model.slots) {
        if (broken !== undefined || isHeldBack) await new Edit(number, undefined).run(model, kit);
      }
      await settle(model, kit);
      expect(kit.record.events.filter(({ problem }) => problem?.code === "INTERNAL")).toEqual([]);
    }),
    { numRuns: 1_000, interruptAfterTimeLimit: 8_000, endOnFailure: false },
  );
}, 120_000);
