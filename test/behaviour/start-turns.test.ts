/** Only so many workers and processes start at once: the others wait for their turn, which is no fault of theirs. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createTestHost, eventually, type TestHostOptions } from "@plugboard/core/testing";
import { expect, test } from "vitest";
import { aGreeter, greet, info, rejection } from "../support/extensions.js";

const atOnce = Math.max(2, availableParallelism());
const many = 2 * atOnce + 1;
const ids = Array.from({ length: many }, (_, index) => `e${index}`);

/** Extensions that write down when their code begins and ends to load, which takes them a while. */
async function slowStarters(kind: string, options: TestHostOptions = {}) {
  const kit = await createTestHost(options);
  const journal = join(kit.temporaryFolder, "journal");
  await kit.write(
    ...ids.map((id) =>
      aGreeter({
        id: `acme.${id}`,
        manifest: { runtime: kind },
        source: `import { appendFileSync } from "node:fs";
          appendFileSync(${JSON.stringify(journal)}, "+");
          await new Promise((done) => setTimeout(done, 60));
          appendFileSync(${JSON.stringify(journal)}, "-");
          export const activate = (context) => context.contribute("greeters", "${id}", { greet: () => "${id}" });`,
      }),
    ),
  );
  await kit.host.rescan();
  return { ...kit, signs: () => readFileSync(journal, "utf8") };
}

function mostAtOnce(signs: string): number {
  let now = 0;
  return Math.max(...[...signs].map((sign) => (now += sign === "+" ? 1 : -1)));
}

test("no more workers start at once than the machine has processors, and all get their turn", async () => {
  await using kit = await slowStarters("worker");
  const answers = await Promise.all(ids.map((id) => greet(kit.host, id)));

  expect(answers).toEqual(ids);
  expect(mostAtOnce(kit.signs())).toBeLessThanOrEqual(atOnce);
  const waits = ids.map((id) => info(kit.host, `acme.${id}`).times?.wait);
  expect(waits.slice(0, atOnce)).toEqual(Array(atOnce).fill(undefined));
  expect(waits.slice(atOnce).every((wait) => wait !== undefined && wait > 0)).toBe(true);
  expect(kit.host.explain(`acme.${ids.at(-1) ?? ""}`).format()).toMatch(/waited +\d.* for its turn to start/);
});

test("extensions in the host's own process wait for no turn", async () => {
  await using kit = await slowStarters("in-process");
  await Promise.all(ids.map((id) => greet(kit.host, id)));

  expect(mostAtOnce(kit.signs())).toBe(many);
  expect(ids.every((id) => info(kit.host, `acme.${id}`).times?.wait === undefined)).toBe(true);
});

test("who waits for a turn is shown to, and a stop of the host ends the wait", async () => {
  await using kit = await slowStarters("worker");
  const last = `acme.${ids.at(-1) ?? ""}`;
  const calls = ids.map((id) => rejection(greet(kit.host, id)));
  await eventually(() => expect(info(kit.host, last).waitingMs).toBeGreaterThanOrEqual(0));
  expect(info(kit.host, last).state).toBe("activating");
  expect(kit.host.explain(last).format()).toContain("waits for its turn to start");
  await kit.host.stop();

  expect(await calls.at(-1)).toMatchObject({ code: "HOST_STOPPED" });
});

test("a turn that does not come is ACTIVATION_TIMEOUT, and says what the wait was for", async () => {
  await using kit = await slowStarters("worker", { limits: { startTurnMs: 1 } });
  const outcomes = await Promise.allSettled(ids.map((id) => greet(kit.host, id)));

  expect(outcomes.slice(0, atOnce).map(({ status }) => status)).toEqual(Array(atOnce).fill("fulfilled"));
  const last = outcomes.at(-1) as PromiseRejectedResult;
  expect(last.reason).toMatchObject({
    code: "ACTIVATION_TIMEOUT",
    message: expect.stringContaining("turn to start within 1 ms") as unknown,
  });
});
