/** Under load nothing is lost and nothing is answered twice. */
import { createTestHost, eventually } from "@plugboard/core/testing";
import { greeters } from "@plugboard/core";
import { expect, test } from "vitest";
import { aGreeter, info } from "../support/extensions.js";
import { shared } from "../support/shared.js";

/** An extension that counts how often each question was answered. */
function counting() {
  const answered = shared(new Map<string, number>());
  const extension = aGreeter({
    id: "acme.english",
    supplies: {
      greeters: {
        english: `{ async greet(question) {
          if (question.endsWith("5")) await null;
          ${answered.code}.set(question, (${answered.code}.get(question) ?? 0) + 1);
          return version + " " + question;
        } }`,
      },
    },
    head: `let version;`,
    activate: `version = context.extension.version;`,
  });
  return { answered: answered.value, extension };
}

test("1,000 reloads under 8 concurrent callers lose no call and answer none twice", async () => {
  const { answered, extension } = counting();
  await using kit = await createTestHost({ extensions: [extension] });
  const stub = kit.host.contributions(greeters).get("english")!;
  await stub.greet("first");

  const work = callers(8, (question) => stub.greet(question));
  for (let i = 0; i < 1_000; i++) {
    await kit.host.reload("acme.english");
    await aTurn();
  }
  const asked = await work.end();

  expect(info(kit.host, "acme.english")).toMatchObject({ state: "active", generation: 1_001 });
  expect(asked.failures).toEqual([]);
  expect(asked.wrong).toEqual([]);
  expect(asked.count).toBeGreaterThan(1_000);
  expect(answered.size).toBe(asked.count + 1);
  expect([...answered].filter(([, times]) => times !== 1)).toEqual([]);
}, 120_000);

test("saves of a real file under 8 concurrent callers lose no call and answer none twice", async () => {
  const { answered, extension } = counting();
  await using kit = await createTestHost({ watch: true, extensions: [extension] });
  const stub = kit.host.contributions(greeters).get("english")!;
  await stub.greet("first");

  const work = callers(8, (question) => stub.greet(question));
  for (let i = 1; i <= 40; i++) {
    await kit.write(extension.with({ version: `1.0.${i}` }));
    // Some saves fall together, most are seen one by one.
    if (i % 4 !== 0) await eventually(() => expect(info(kit.host, "acme.english").version).toBe(`1.0.${i}`));
  }
  await eventually(() => expect(info(kit.host, "acme.english").version).toBe("1.0.40"));
  const asked = await work.end();

  expect(asked.failures).toEqual([]);
  expect(asked.wrong).toEqual([]);
  expect(answered.size).toBe(asked.count + 1);
  expect([...answered].filter(([, times]) => times !== 1)).toEqual([]);
}, 60_000);

function aTurn(): Promise<void> {
  return new Promise((next) => setImmediate(next));
}

/** Asks without end, one question after the other each, until told to end. */
function callers(count: number, ask: (question: string) => Promise<string>) {
  const failures: unknown[] = [];
  const wrong: string[] = [];
  let asked = 0;
  let ended = false;
  const all = Array.from({ length: count }, async (_, caller) => {
    for (let i = 0; !ended; i++) {
      const question = `${caller}/${i}`;
      asked++;
      try {
        const answer = await ask(question);
        if (!answer.endsWith(` ${question}`)) wrong.push(answer);
      } catch (error) {
        failures.push(error);
      }
      await aTurn();
    }
  });
  return {
    async end() {
      ended = true;
      await Promise.all(all);
      return { count: asked, failures, wrong };
    },
  };
}
