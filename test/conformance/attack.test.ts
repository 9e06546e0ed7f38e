/** The hostile set against hosts that run, while others call their extensions: everything is refused, and every call answered. */
import { createTestHost } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet } from "../support/extensions.js";
import type { Attack, AttackRow } from "./attack/attack.js";
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

/** Tries each, one after the other; what is not refused is listed. */
async function tryAll<T extends { readonly name: string }>(
  attacks: readonly T[],
  run: (attack: T, index: number) => Promise<string>,
): Promise<Pick<AttackRow, "tried" | "refused" | "costMs"> & { readonly open: readonly string[] }> {
  const open: string[] = [];
  let costMs = 0;
  for (const [index, attack] of attacks.entries()) {
    const before = process.cpuUsage();
    try {
      await run(attack, index);
    } catch (error) {
      open.push(`${attack.name}: ${(error as Error).message}`);
    }
    const { user, system } = process.cpuUsage(before);
    costMs = Math.max(costMs, (user + system) / 1_000);
  }
  return { tried: attacks.length, refused: attacks.length - open.length, costMs, open };
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
    const bystanders = new Bystanders(
      ["other-worker", "other-process"].map((id) => async () => {
        expect(await greet(kit.host, id)).toBe(`${id} 1.0.0: World`);
      }),
    );
    const { open, ...counted } = await tryAll(attacks, (attack, index) =>
      attack.run({ kit, name: `${family}-${String(index)}` }),
    );
    await bystanders.stop();
    task.meta.attack = { family, ...counted, waitMs: bystanders.worstMs };
    expect(open).toEqual([]);
    expect(bystanders.answers).toBeGreaterThan(attacks.length);
  },
);

test.for([
  ["sockets", socketAttacks],
  ["drivers", driverAttacks],
] as const)(
  "%s are refused, and others are answered",
  { timeout: 120_000 },
  async ([family, attacks], { skip, task }) => {
    skip(noFiles !== undefined, noFiles);
    const host = await DrivenHost.start();
    const bystanders = new Bystanders([() => host.bystand()]);
    const { open, ...counted } = await tryAll(attacks, (attack) => attack.run(host));
    await bystanders.stop();
    task.meta.attack = { family, ...counted, waitMs: bystanders.worstMs };
    expect(open).toEqual([]);
    expect(await host.stop()).toBe(0);
  },
);

test("terminals are steered by no text of an extension", { timeout: 120_000 }, async ({ task }) => {
  const host = await DrivenHost.start();
  const folder = await steeringFolder();
  const bystanders = new Bystanders([() => host.bystand()]);
  const { open, ...counted } = await tryAll(terminalAttacks, (attack) => lookAt(folder, attack));
  await bystanders.stop();
  task.meta.attack = { family: "terminals", ...counted, waitMs: bystanders.worstMs };
  expect(open).toEqual([]);
});
