/** The hostile set against hosts that run, while others call their extensions: everything is refused, and every call answered. */
import { readFileSync } from "node:fs";
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet } from "../support/extensions.js";
import type { Attack, AttackOutcome, AttackRow } from "./attack/attack.js";
import { archiveAttacks } from "./attack/archives.js";
import { Bystanders } from "./attack/bystanders.js";
import { driverAttacks, socketAttacks } from "./attack/drivers.js";
import { DrivenHost } from "./attack/driven-host.js";
import { frameAttacks } from "./attack/frames.js";
import { manifestAttacks, pathAttacks } from "./attack/manifests.js";
import { lookAt, steeringFolder, terminalAttacks } from "./attack/terminals.js";
import { valueAttacks } from "./attack/values.js";

declare module "vitest" {
  interface TaskMeta {
    /** The row of the table of attacks that a test fills. */
    attack?: AttackRow;
  }
}

const noFiles = process.platform === "win32" ? "the paths and pipes of the set are those of Unix" : undefined;

/** Tries each, one after the other. @param usedMs - the time of the processor that the host's process has used */
async function tryAll<T extends { readonly name: string }>(
  family: string,
  attacks: readonly T[],
  bystanders: Bystanders,
  {
    run,
    usedMs,
  }: { readonly run: (attack: T, index: number) => Promise<string>; readonly usedMs: () => number },
): Promise<{ readonly row: AttackRow; readonly open: readonly string[] }> {
  const open: string[] = [];
  const outcomes: AttackOutcome[] = [];
  for (const [index, attack] of attacks.entries()) {
    const before = usedMs();
    try {
      const refused = await run(attack, index);
      outcomes.push({ name: attack.name, refused, costMs: usedMs() - before });
    } catch (error) {
      outcomes.push({ name: attack.name, costMs: usedMs() - before });
      open.push(`${attack.name}: ${(error as Error).message}`);
    }
  }
  await bystanders.stop();
  const row = {
    family,
    tried: attacks.length,
    refused: attacks.length - open.length,
    costMs: Math.max(...outcomes.map(({ costMs }) => costMs)),
    waitMs: bystanders.worstMs,
    attacks: outcomes,
  };
  return { row, open };
}

/** What this process has used. */
function usedHere(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What another process has used, in hundredths of a second. */
function usedBy(pid: number | undefined): number {
  if (process.platform !== "linux") return 0;
  const [, fields = ""] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8")) ?? [];
  const [user = 0, system = 0] = fields.split(" ").slice(11, 13).map(Number);
  return (user + system) * 10;
}

test.for<readonly [string, readonly Attack[]]>([
  ["frames", frameAttacks],
  ["values", valueAttacks],
  ["archives", archiveAttacks],
  ["manifests", manifestAttacks],
  ["paths", pathAttacks],
])(
  "%s are refused, and others are answered",
  { timeout: 240_000 },
  async ([family, attacks], { skip, task }) => {
    skip(noFiles !== undefined, noFiles);
    const others = ["worker", "process"].map((runtime) =>
      aGreeter({ id: `acme.other-${runtime}`, manifest: { runtime } }),
    );
    await using kit = await createTestHost({
      extensions: others,
      watch: true,
      limits: { activateMs: 10_000, callMs: 20_000, unresponsiveMs: 10_000 },
    });
    for (const attack of attacks) attack.prepare?.();
    const bystanders = new Bystanders(
      ["other-worker", "other-process"].map((id) => async () => {
        expect(await greet(kit.host, id)).toBe(`${id} 1.0.0: World`);
      }),
    );
    const { row, open } = await tryAll(family, attacks, bystanders, {
      run: (attack, index) => attack.run({ kit, name: `${family}-${String(index)}` }),
      usedMs: usedHere,
    });
    task.meta.attack = row;
    expect(open).toEqual([]);
    expect(bystanders.answers).toBeGreaterThan(attacks.length);
  },
);

test.for([
  ["sockets", socketAttacks],
  ["drivers", driverAttacks],
] as const)(
  "%s are refused by a host in a process of its own, and others are answered",
  { timeout: 120_000 },
  async ([family, attacks], { skip, task }) => {
    skip(noFiles !== undefined, noFiles);
    const host = await DrivenHost.start();
    const bystanders = new Bystanders([() => host.bystand()]);
    const { row, open } = await tryAll(family, attacks, bystanders, {
      run: (attack) => attack.run(host),
      usedMs: () => usedBy(host.command.process.pid),
    });
    task.meta.attack = row;
    expect(open).toEqual([]);
    expect(await host.stop()).toBe(0);
  },
);

test("terminals are steered by no text of an extension", { timeout: 120_000 }, async ({ task }) => {
  const host = await DrivenHost.start();
  const folder = await steeringFolder();
  const bystanders = new Bystanders([() => host.bystand()]);
  const { row, open } = await tryAll("terminals", terminalAttacks, bystanders, {
    run: (attack) => lookAt(folder, attack),
    usedMs: () => usedBy(host.command.process.pid),
  });
  task.meta.attack = row;
  expect(open).toEqual([]);
});
