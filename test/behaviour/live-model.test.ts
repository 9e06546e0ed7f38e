/**
 * Whatever people do to a watched folder, in any order and at any speed, afterwards the running set equals
 * the disk. Random sequences of commands against a real folder; a failure is shrunk and names its seed.
 */
import { chmod, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExtensionError, isExtensionError, type StartRequest } from "@plugboard/core";
import { createTestHost, eventually, type ExtensionFixture, type TestHost } from "@plugboard/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aGreeter, greet, ids, info } from "../support/extensions.js";
import { FragileRuntime } from "../support/fragile-runtime.js";

/** The last put a folder in the place of a file or a link to itself, which nobody can read, or take the rights away. */
type Breakage =
  | "syntax"
  | "throws"
  | "manifest"
  | `${"main" | "manifest"} is ${"a folder" | "a link to itself" | "forbidden"}`
  | "folder is forbidden";

/** Nothing is forbidden to the superuser, and on Windows not by a mode: there the links to themselves stand for it. */
const mayBeForbidden = process.platform !== "win32" && process.getuid?.() !== 0;

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
  /** Whether only whole versions were put in place, so that no answer may mix two. */
  isWhole: boolean;
  /** What the extension last counted to, for one that hands its count over; undefined if that is not known. */
  count: number | undefined;
  /** What it asks of the dependent, and of the provider then as well. */
  needs: Need | undefined;
  /** Whether its folder was another's and nothing has settled since: a manifest that can't be read keeps the id it had. */
  isExchanged: boolean;
  /** Whether it ever asked that: then it may go down with others, and starts counting anew. */
  isBound: boolean;
}

/** Whether it can't run without the dependent, or could use it. */
type Need = "needs" | "uses";

interface Model {
  readonly runtime: FragileRuntime;
  readonly slots: Map<number, Slot>;
  readonly fired: Set<string>;
  versions: number;
  /** What must never have happened. */
  readonly violations: string[];
}

const provider = 0;
const dependent = 3;
/** The slot whose saves may ask for the dependent. */
const asking = 1;
const slotCount = 5;
/** Slots whose sessions may crash: the provider, whose dependent goes down with it, and one that stands alone. */
const fragile: ReadonlySet<number> = new Set([provider, 4]);
/** Slots that count their answers and hand the count over: one beside, one in the place of the old generation. */
const counting: ReadonlySet<number> = new Set([1, 2]);
const replacing = 2;
const idOf = (slot: number) => `acme.g${slot}`;

function fixture(
  slot: number,
  folder: string,
  version: string,
  { broken, needs }: Partial<Pick<Slot, "broken" | "needs">> = {},
): ExtensionFixture {
  const on = slot === dependent ? ` + " on " + (await context.dependency("${idOf(provider)}").tell())` : "";
  const count = counting.has(slot) ? ` + " #" + ++count` : "";
  const told = `"g${slot} ${version} " + context.extension.version + ": " + name`;
  const whole = aGreeter({
    id: idOf(slot),
    folder,
    version,
    activationEvents: slot === provider ? ["onStartup"] : slot === 1 ? ["onOrder:paid"] : [],
    dependsOn: [
      ...(slot === dependent || needs !== undefined ? [idOf(provider)] : []),
      ...(needs === "needs" ? [idOf(dependent)] : []),
    ],
    ...(needs === "uses" ? { optionallyDependsOn: [idOf(dependent)] } : {}),
    manifest: {
      ...(fragile.has(slot) ? { runtime: "fragile" } : {}),
      ...(slot === replacing ? { update: "replace" } : {}),
    },
    head: "let count = 0;",
    supplies: {
      greeters: {
        [`g${slot}`]: `{ async greet(name) {
          if (name === "slow") return new Promise((resolve) => setTimeout(resolve, 60, "slow"));
          return ${told}${on}${count};
        } }`,
      },
    },
    ...(counting.has(slot)
      ? { activate: "count = context.state?.value ?? 0;", saveState: "return { version: 1, value: count };" }
      : {}),
  });
  switch (broken) {
    case "syntax":
      return whole.with({ source: "export function activate( {" });
    case "throws":
      return whole.with({ activate: `throw new Error("broken on purpose");` });
    case "manifest":
      return whole.with({ manifestText: `{ id: "${idOf(slot)}", version: }` });
    default:
      return whole;
  }
}

/** Greets as the extension's own code would, and fails where that would fail. */
function fragileRuntime(): FragileRuntime {
  const codeOf = async ({ extension, main }: StartRequest) => {
    try {
      return await readFile(join(extension.path, main), "utf8");
    } catch (cause) {
      throw new ExtensionError("MODULE_NOT_FOUND", "It can't be read", { cause });
    }
  };
  return new FragileRuntime({
    load: async (request) => {
      if ((await codeOf(request)).endsWith("{")) throw new ExtensionError("MODULE_SYNTAX", "Unexpected end");
    },
    activate: async (session) => {
      const { extension } = session.request;
      session.exports["tell"] = () => extension.version;
      if ((await codeOf(session.request)).includes("broken on purpose")) throw new Error("broken on purpose");
      // So that something may happen in the middle of it.
      await sleep(extension.version.endsWith("0") ? 80 : 5);
    },
    answer: async ({ request: { extension } }, name) =>
      name === "slow"
        ? sleep(60, name)
        : `${extension.id.replace("acme.", "")} ${extension.version} ${extension.version}: ${String(name)}`,
  });
}

/** What an answer says: the versions of the code, of the manifest and of the provider, and how many there were. */
function read(answer: string) {
  const [, code, manifest, on, count] =
    /^g\d (\S+) (\S+): World(?: on (\S+))?(?: #(\d+))?$/.exec(answer) ?? [];
  expect(code, answer).toBeDefined();
  return { code, manifest, on, count: count === undefined ? undefined : Number(count) };
}

/** Asks for a greeting, and holds it to what an answer may be at any time. */
async function ask(model: Model, kit: TestHost, number: number) {
  const slot = model.slots.get(number);
  const before = slot?.count;
  try {
    const answer = read(await greet(kit.host, `g${number}`, "World", { timeoutMs: 2_000 }));
    // Kept, since whoever waits for something asks again and may be answered well then.
    if (slot?.isWhole === true && answer.code !== answer.manifest)
      model.violations.push(`g${number} answered with code ${answer.code} and manifest ${answer.manifest}`);
    if (before !== undefined && slot?.isBound === false && answer.count !== before + 1)
      model.violations.push(`g${number} counted to ${answer.count} after ${before}`);
    if (slot !== undefined) slot.count = answer.count;
    return answer;
  } catch (error) {
    if (slot !== undefined) slot.count = undefined;
    throw error;
  }
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
    model.slots.set(this.slot, {
      folder,
      version,
      broken: undefined,
      dependable: false,
      isHeldBack: false,
      isWhole: true,
      count: undefined,
      needs: undefined,
      isExchanged: false,
      isBound: false,
    });
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
  check = (model: Readonly<Model>) => {
    const slot = model.slots.get(this.slot);
    return slot !== undefined && !(slot.isExchanged && this.breakage?.startsWith("manifest") === true);
  };
  async run(model: Model, kit: TestHost) {
    const slot = model.slots.get(this.slot)!;
    slot.version = `1.0.${++model.versions}`;
    slot.isHeldBack = false;
    slot.isWhole = false;
    await clear(kit, slot);
    slot.broken = this.breakage;
    await kit.write(fixture(this.slot, slot.folder, slot.version, slot));
    if (this.breakage === undefined) return;
    const file = join(kit.folder, slot.folder, fileOf(this.breakage));
    if (this.breakage.endsWith("is forbidden")) {
      await chmod(file, 0);
      return;
    }
    if (!isInPlaceOfFile(this.breakage)) return;
    await rm(file);
    if (this.breakage.endsWith("is a folder")) await mkdir(file);
    else await symlink(file, file);
  }
  toString = () =>
    this.breakage === undefined ? `edit ${this.slot}` : `break ${this.slot} ${this.breakage}`;
}

/** Takes away what stands in the place of a file, or gives the rights back. */
async function clear(kit: TestHost, { folder, broken }: Slot) {
  if (broken === undefined) return;
  const file = join(kit.folder, folder, fileOf(broken));
  await allow(kit, { folder, broken });
  if (isInPlaceOfFile(broken)) await rm(file, { recursive: true, force: true });
}

async function allow(kit: TestHost, { folder, broken }: Pick<Slot, "folder" | "broken">) {
  if (broken?.endsWith("is forbidden") === true) await chmod(join(kit.folder, folder, fileOf(broken)), 0o755);
}

function isInPlaceOfFile(broken: Breakage): boolean {
  return broken.endsWith("is a folder") || broken.endsWith("is a link to itself");
}

/** What is in the way of the extension, from its folder. */
function fileOf(broken: Breakage): string {
  if (broken.startsWith("folder")) return ".";
  return broken.startsWith("main") ? "extension.js" : "plugin.json5";
}

/**
 * Puts a whole version in place by a link that is led elsewhere, which is one step once there is a link: the folder
 * itself, or one on the way to it.
 */
class Lead implements Command {
  readonly slot: number;
  readonly where: "at the end" | "in the middle";
  constructor(slot: number, where: "at the end" | "in the middle") {
    this.slot = slot;
    this.where = where;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot) && process.platform !== "win32";
  async run(model: Model, kit: TestHost) {
    const slot = model.slots.get(this.slot)!;
    const { folder } = slot;
    const version = `1.0.${++model.versions}`;
    const parent = join(kit.temporaryFolder, version);
    await mkdir(parent);
    await allow(kit, slot);
    const path = join(kit.folder, folder);
    const aside = join(kit.folder, ".aside");
    let target = await fixture(this.slot, "whole", version, { needs: slot.needs }).writeTo(parent);
    if (this.where === "in the middle") {
      const middle = join(kit.temporaryFolder, `middle-${this.slot}`);
      target = join(middle, "whole");
      const isOnTheWay = (await readlink(path).catch(() => undefined)) === target;
      await symlink(parent, aside, "dir");
      await rename(aside, middle);
      if (isOnTheWay) {
        Object.assign(slot, { version, broken: undefined, isHeldBack: false });
        return;
      }
    }
    await symlink(target, aside, "dir");
    try {
      await rename(aside, path);
    } catch {
      // What is no link yet has to make room first: for a moment nothing is there.
      slot.dependable = false;
      slot.count = undefined;
      undepend(model, this.slot);
      await rename(path, join(parent, "before"));
      await rename(aside, path);
    }
    Object.assign(slot, { version, broken: undefined, isHeldBack: false });
  }
  toString = () => `lead ${this.slot} ${this.where}`;
}

/** Saves something new and puts back at once, or a little later, what was there. */
class PutBack implements Command {
  readonly slot: number;
  readonly afterMs: number;
  constructor(slot: number, afterMs: number) {
    this.slot = slot;
    this.afterMs = afterMs;
  }
  check = (model: Readonly<Model>) => {
    const slot = model.slots.get(this.slot);
    return slot !== undefined && slot.broken === undefined;
  };
  async run(model: Model, kit: TestHost) {
    const slot = model.slots.get(this.slot)!;
    slot.isWhole = false;
    slot.isHeldBack = false;
    await kit.write(fixture(this.slot, slot.folder, `1.0.${++model.versions}`, slot));
    await sleep(this.afterMs);
    await kit.write(fixture(this.slot, slot.folder, slot.version, slot));
  }
  toString = () => `put back ${this.slot} after ${this.afterMs} ms`;
}

class Reload implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    model.slots.get(this.slot)!.isHeldBack = false;
    // What keeps it from being loaded, the settling looks into.
    kit.host.reload(idOf(this.slot)).catch(() => undefined);
  }
  toString = () => `reload ${this.slot}`;
}

/** An update that fails when the old generation has handed its state over already: that one goes on with it. */
class FailUpdate implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    await new Settle().run(model, kit);
    await new Edit(this.slot, "throws").run(model, kit);
    await settle(model, kit);
    await new Call(this.slot).run(model, kit);
  }
  toString = () => `fail update of ${this.slot}`;
}

/** A call that takes a while, for which whoever wants to stop the extension waits. */
class SlowCall implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = () => true;
  async run(_: Model, kit: TestHost) {
    if (ids(kit.host, "greeters").includes(`g${this.slot}`))
      greet(kit.host, `g${this.slot}`, "slow").catch(() => undefined);
  }
  toString = () => `slow call ${this.slot}`;
}

/** Has the dependent come, and be called, while its provider is being updated. */
class ComeInUpdate implements Command {
  check = (model: Readonly<Model>) => model.slots.has(provider);
  async run(model: Model, kit: TestHost) {
    if (model.slots.has(dependent)) await new Delete(dependent).run(model, kit);
    model.versions = Math.ceil((model.versions + 1) / 10) * 10 - 1;
    await new Edit(provider, undefined).run(model, kit);
    await sleep(15);
    await new Add(dependent).run(model, kit);
    for (let tries = 0; tries < 30 && !ids(kit.host, "greeters").includes(`g${dependent}`); tries++)
      await sleep(1);
    await new Call(dependent).run(model, kit);
  }
  toString = () => `${dependent} comes in the update of ${provider}`;
}

/** Saves the provider, and one that asks for the dependent of the provider, which does not run just then. */
class Ask implements Command {
  readonly needs: Need | undefined;
  constructor(needs: Need | undefined) {
    this.needs = needs;
  }
  check = (model: Readonly<Model>) => model.slots.has(asking) && model.slots.has(provider);
  async run(model: Model, kit: TestHost) {
    if (kit.host.extensions.get(idOf(dependent)) !== undefined) {
      forget(model, dependent);
      await kit.host.deactivate(idOf(dependent));
    }
    Object.assign(model.slots.get(asking)!, { needs: this.needs, isBound: true });
    await Promise.all([provider, asking].map((slot) => new Edit(slot, undefined).run(model, kit)));
  }
  toString = () => `${asking} ${this.needs ?? "does without"} ${dependent}`;
}

/** Lets a session crash while its update is under way, and saves once more. */
class CrashInUpdate implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => fragile.has(this.slot) && model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    const serving = model.runtime.alive(idOf(this.slot))[0];
    model.versions = Math.ceil((model.versions + 1) / 10) * 10 - 1;
    await new Edit(this.slot, undefined).run(model, kit);
    await sleep(20);
    model.slots.get(this.slot)!.dependable = false;
    undepend(model, this.slot);
    serving?.crash();
    await new Edit(this.slot, undefined).run(model, kit);
  }
  toString = () => `crash ${this.slot} in its update`;
}

/** Exchanges two folders. */
class Exchange implements Command {
  readonly slots: readonly [number, number];
  constructor(slots: readonly [number, number]) {
    this.slots = slots;
  }
  check = (model: Readonly<Model>) =>
    this.slots[0] !== this.slots[1] && this.slots.every((number) => model.slots.has(number));
  async run(model: Model, kit: TestHost) {
    const [one, other] = this.slots.map((number) => model.slots.get(number)!) as [Slot, Slot];
    for (const number of this.slots) forget(model, number);
    const aside = join(kit.folder, ".exchanged");
    await rename(join(kit.folder, one.folder), aside);
    await rename(join(kit.folder, other.folder), join(kit.folder, one.folder));
    await rename(aside, join(kit.folder, other.folder));
    [one.folder, other.folder] = [other.folder, one.folder];
    one.isExchanged = other.isExchanged = true;
  }
  toString = () => `exchange ${this.slots.join(" and ")}`;
}

/** Renames the whole folder of extensions away and back. */
class RenameRoot implements Command {
  readonly awayMs: number;
  constructor(awayMs: number) {
    this.awayMs = awayMs;
  }
  check = () => true;
  async run(model: Model, kit: TestHost) {
    for (const number of model.slots.keys()) forget(model, number);
    const away = join(kit.temporaryFolder, "away");
    await rename(kit.folder, away);
    await sleep(this.awayMs);
    await rename(away, kit.folder);
  }
  toString = () => `rename the root for ${this.awayMs} ms`;
}

/** The slot may have been gone for a moment: nothing can be expected of it until things have settled. */
function forget(model: Model, number: number) {
  const slot = model.slots.get(number);
  if (slot === undefined) return;
  Object.assign(slot, { dependable: false, isHeldBack: false, count: undefined });
  undepend(model, number);
}

class Delete implements Command {
  readonly slot: number;
  constructor(slot: number) {
    this.slot = slot;
  }
  check = (model: Readonly<Model>) => model.slots.has(this.slot);
  async run(model: Model, kit: TestHost) {
    const slot = model.slots.get(this.slot)!;
    const { folder } = slot;
    await allow(kit, slot);
    model.slots.delete(this.slot);
    undepend(model, this.slot);
    await rm(join(kit.folder, folder), { recursive: true, force: true });
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
    forget(model, this.slot);
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
      await ask(model, kit, this.slot);
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
    for (const [number, slot] of model.slots) {
      slot.isExchanged = false;
      slot.dependable ||= runs(model, number);
      slot.isWhole ||= runs(model, number) && !slot.isHeldBack;
    }
  }
  toString = () => "settle";
}

function undepend(model: Model, slot: number) {
  for (const [number, other] of model.slots) if (dependsOn(number, other, slot)) other.dependable = false;
}

/** Whether a slot runs on another, or did before its last saves. */
function dependsOn(number: number, { isBound }: Slot, other: number): boolean {
  if (number === asking && isBound) return other === provider || other === dependent;
  return number === dependent && other === provider;
}

/** Whether the disk alone says that a slot can be called. */
function runs(model: Model, slot: number): boolean {
  const content = model.slots.get(slot);
  if (content === undefined || content.broken !== undefined) return false;
  if (slot === dependent || content.needs !== undefined) {
    if (!runs(model, provider)) return false;
  }
  return content.needs !== "needs" || runs(model, dependent);
}

async function settle(model: Model, kit: TestHost) {
  const { host } = kit;
  expect(model.violations).toEqual([]);
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
      for (const [slot, { folder, version, broken, isHeldBack, dependable }] of model.slots) {
        if (
          [...model.slots].some(
            ([number, other]) => other.broken !== undefined && dependsOn(number, other, slot),
          )
        ) {
          // A dependent that serves its last good generation may hold its provider's update back.
          continue;
        }
        if (runs(model, slot)) {
          const answer = await ask(model, kit, slot);
          if (isHeldBack && info(host, idOf(slot)).candidate?.reason?.code === "EXTENSION_CRASHED") continue;
          expect(answer).toMatchObject({ code: version, manifest: version });
          if (slot === dependent) expect(answer.on).toBe(info(host, idOf(provider)).version);
          expect(info(host, idOf(slot))).toMatchObject({ state: "active", version });
          expect(info(host, idOf(slot)).candidate).toBeUndefined();
          expect(info(host, idOf(slot)).folder).toBe(join(kit.folder, folder));
        } else if (broken !== undefined) {
          const active = [...host.extensions].filter(
            ({ state, version: v }) => state === "active" && v === version,
          );
          // Before something stood in the place of its file, or it was forbidden, the version was whole for a moment.
          if (!isInPlaceOfFile(broken) && !broken.endsWith("is forbidden"))
            expect(active.map(({ id }) => id)).not.toContain(idOf(slot));
          expect(host.extensions.get(idOf(slot))?.state).not.toBe("removed");
          if (dependable) {
            const { candidate, version: served } = info(host, idOf(slot));
            // Code that tells of no files may have been read just before it could not be read any more.
            const isTaken = broken.startsWith("main is") && fragile.has(slot) && served === version;
            if (!isTaken) expect(candidate?.reason).toBeDefined();
            expect(candidate?.reason?.code).not.toBe("INCOMPLETE");
            await ask(model, kit, slot);
          }
        } else if (slot === dependent && !model.slots.has(provider)) {
          expect(info(host, idOf(slot)).state).toBe("blocked");
        }
      }
      expect(folded(kit)).toEqual(listed(kit));
      if (model.fired.has("onOrder:paid") && runs(model, 1)) expect(info(host, idOf(1)).state).toBe("active");
    },
    { timeoutMs: 5_000 },
  );
}

/** What the events come to that were told so far: the extensions that are there, and the generations that are active. */
function folded({ record }: TestHost): Readonly<Record<string, number | "idle">> {
  const seen: Record<string, number | "idle"> = {};
  for (const { kind, id, generation } of record.events) {
    if (id === undefined) continue;
    if (kind === "added") seen[id] = "idle";
    else if (kind === "removed") Reflect.deleteProperty(seen, id);
    else if (!Object.hasOwn(seen, id)) continue;
    else if (kind === "activated") seen[id] = generation;
    else if ((kind === "deactivated" || kind === "failed") && seen[id] === generation) seen[id] = "idle";
  }
  return seen;
}

/** The same as the list has it; what was never sound has no generation, and no event tells of it. */
function listed({ host }: TestHost): Readonly<Record<string, number | "idle">> {
  const known = [...host.extensions].filter(({ generation }) => generation > 0);
  return Object.fromEntries(
    known.map(({ id, state, generation }) => [id, state === "active" ? generation : "idle"]),
  );
}

const slot = fc.nat(slotCount - 1);
const breakages: readonly Breakage[] = [
  "syntax",
  "throws",
  "manifest",
  "main is a folder",
  "manifest is a folder",
  ...(process.platform === "win32"
    ? []
    : (["main is a link to itself", "manifest is a link to itself"] as const)),
  ...(mayBeForbidden ? (["main is forbidden", "manifest is forbidden", "folder is forbidden"] as const) : []),
];
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
    fc.constantFrom(...fragile).map((number) => new CrashInUpdate(number)),
    slot.map((number) => new Lead(number, "at the end")),
    slot.map((number) => new Lead(number, "in the middle")),
    fc.tuple(slot, fc.constantFrom(0, 3, 12, 40)).map(([number, afterMs]) => new PutBack(number, afterMs)),
    slot.map((number) => new Reload(number)),
    slot.map((number) => new SlowCall(number)),
    fc.constantFrom(...counting).map((number) => new FailUpdate(number)),
    fc.constant(new ComeInUpdate()),
    fc.constantFrom<(Need | undefined)[]>("needs", "uses", undefined).map((needs) => new Ask(needs)),
    fc.tuple(slot, slot).map((slots) => new Exchange(slots)),
    fc.constantFrom(0, 5, 30).map((awayMs) => new RenameRoot(awayMs)),
    fc.constantFrom("onOrder:paid", "onOrder:open").map((event) => new Fire(event)),
    fc.constant(new Settle()),
  ],
  { maxCommands: 40, size: "max" },
);

/** `npm run test:load` asks for more. */
const modelMs = Number(process.env["PLUGBOARD_MODEL_MS"] ?? 8_000);

test(
  "whatever happens to a watched folder, afterwards the running set equals the disk",
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        const runtime = fragileRuntime();
        await using kit = await createTestHost({
          watch: true,
          runtimes: [runtime],
          restart: { delaysMs: [1], budget: Infinity },
          limits: { incompleteMs: 30, retryMs: 1, dependencyMs: 500 },
        });
        const model: Model = { runtime, slots: new Map(), fired: new Set(), versions: 0, violations: [] };
        kit.host.onDidLog(({ message, fields }) => {
          if (message.startsWith("The host or one")) model.violations.push(String(fields["error"]));
        });
        await fc.asyncModelRun(() => ({ model, real: kit }), sequence);
        await settle(model, kit);
        for (const [number, { broken, isHeldBack }] of model.slots) {
          if (broken !== undefined || isHeldBack) await new Edit(number, undefined).run(model, kit);
        }
        await settle(model, kit);
        expect(folded(kit)).toEqual(listed(kit));
        expect(model.violations).toEqual([]);
        expect(kit.record.events.filter(({ problem }) => problem?.code === "INTERNAL")).toEqual([]);
      }),
      { numRuns: 1_000_000, interruptAfterTimeLimit: modelMs, endOnFailure: false },
    );
  },
  modelMs + 112_000,
);
