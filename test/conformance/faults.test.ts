/** What extensions do wrong, and what it costs: the culprit's caller, and nobody else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@plugboard/core/testing";
import { expect, test, type TestContext } from "vitest";
import { info } from "../support/extensions.js";
import { inRepository } from "../support/repository.js";
import {
  faults,
  outcomeIn,
  type Contained,
  type Fault,
  type NotContained,
  type Told,
} from "./fault-cases.js";
import type { FaultCell } from "./fault-table.js";
import { aSubject, RuntimeHere, type ConformanceHost } from "./conformance-host.js";
import { runtimesOfAllLanguages } from "./runtimes-under-test.js";

declare module "vitest" {
  interface TaskMeta {
    /** The cell of the table of faults that a test fills. */
    fault?: FaultCell;
  }
}

// They wait more than they work: for limits to pass, and for processes to end.
for (const fault of faults) {
  for (const runtime of runtimesOfAllLanguages) {
    // Of an example nothing is said in the table.
    if (runtime.kind === "python") continue;
    const outcome = outcomeIn(fault, runtime.kind);
    const name = fault.fault.replaceAll("`", "");
    const about = { fault: fault.fault, runtime: runtime.kind };
    if ("notApplicable" in outcome) {
      const meta = {
        fault: { ...about, caller: "can't happen", told: outcome.notApplicable, within: "" },
      };
      test(`${runtime.kind}: ${name}: can't happen`, { meta }, (context) => {
        context.skip(outcome.notApplicable);
      });
    } else if ("notContained" in outcome) {
      const meta = {
        fault: {
          ...about,
          caller: "**not contained**",
          told:
            outcome.notContained +
            (outcome.application === "hangs"
              ? "; the watchdog, if the application asks for it, names the extension"
              : ""),
          within: outcome.application === "hangs" ? "`unresponsiveMs` (3 s)" : "",
        },
      };
      test.concurrent(
        `${runtime.kind}: ${name}: is not contained`,
        { meta, timeout: 60_000 },
        async (context) => {
          if (outcome.application === "is not tried") context.skip(outcome.notContained);
          expect(await applicationUnder(fault, outcome, context)).toBe(outcome.application);
        },
      );
    } else {
      const meta = {
        fault: {
          ...about,
          caller: callerText(outcome.caller),
          told: outcome.told.map(toldText).join("; "),
          within: outcome.within,
        },
      };
      test.concurrent(
        `${runtime.kind}: ${name}: costs its caller and nobody else`,
        { meta, timeout: 90_000 },
        async (context) => {
          if (runtime.absent !== undefined) context.skip(runtime.absent);
          await runtime.prepare?.();
          await expectContained(fault, outcome, new RuntimeHere(runtime, {}), context);
        },
      );
    }
  }
}

async function expectContained(
  fault: Fault,
  outcome: Contained,
  runtime: RuntimeHere,
  context: TestContext,
): Promise<void> {
  await using kit = await runtime.createHost({
    ...(fault.limits === undefined ? {} : { limits: fault.limits }),
    extensions: [
      aSubject({ id: "acme.culprit", ...fault.culprit }),
      aSubject({ id: "acme.bystander", head: "let calls = 0;", run: "(input) => [input, ++calls]" }),
    ],
  });
  const isActivatedByCall = fault.culprit.activate !== undefined;
  if (!isActivatedByCall) await kit.host.activate("acme.culprit");
  const bystander = await keepAsking(kit, context);
  const asked = bystander.count();

  const caller = await provoke(kit, fault);
  if ("answer" in outcome.caller) expect(caller).toEqual({ answer: outcome.caller.answer });
  else
    expect([outcome.caller.code].flat()).toContain("code" in caller ? caller.code : JSON.stringify(caller));
  for (const told of outcome.told) await eventually(() => expectTold(kit, told));
  expect("polluted" in {}).toBe(false);

  if (fault.isUsableAfter === true) {
    await eventually(async () => expect(await kit.run("culprit", "after")).toBe("after"));
  }
  // Asked throughout, and still answering: by the same generation, each call once.
  await eventually(() => expect(bystander.count()).toBeGreaterThan(asked + 3));
  await bystander.expectUnharmed();
  expect(info(kit.host, "acme.bystander")).toMatchObject({ state: "active", generation: 1 });
}

type CallerOutcome = { readonly answer: unknown } | { readonly code: string; readonly error: unknown };

async function provoke(kit: ConformanceHost, fault: Fault): Promise<CallerOutcome> {
  const options = fault.timeoutMs === undefined ? {} : { timeoutMs: fault.timeoutMs };
  if (fault.act === "kill" || fault.act === "stop and continue") {
    const pid = (await kit.run("culprit", "pid")) as number;
    expect(pid).not.toBe(process.pid);
    const call = outcomeOf(kit.run("culprit", "fault", options));
    await eventually(() => expect(kit.lines).toContain("asked"));
    process.kill(pid, fault.act === "kill" ? "SIGKILL" : "SIGSTOP");
    const outcome = await call;
    if (fault.act === "stop and continue") process.kill(pid, "SIGCONT");
    return outcome;
  }
  if (fault.act === "call 100,000 times") {
    const calls = Array.from({ length: 100_000 }, () => outcomeOf(kit.run("culprit", "fault", options)));
    const outcomes = await Promise.all(calls);
    expect(outcomes.filter((outcome) => "answer" in outcome && outcome.answer === "fault")).toHaveLength(
      10_000,
    );
    const refused = outcomes.filter((outcome) => "code" in outcome && outcome.code === "CALL_QUEUE_FULL");
    expect(refused).toHaveLength(90_000);
    return refused[0]!;
  }
  const outcome = await outcomeOf(kit.run("culprit", "fault", options));
  if (fault.act === "deactivate") await kit.host.deactivate("acme.culprit");
  return outcome;
}

async function outcomeOf(call: Promise<unknown>): Promise<CallerOutcome> {
  try {
    return { answer: await call };
  } catch (error) {
    return { code: String((error as { code?: unknown }).code), error };
  }
}

/** Asks another extension again and again; every answer must be as if nothing had happened. */
async function keepAsking(kit: ConformanceHost, { onTestFinished }: TestContext) {
  const wrong: unknown[] = [];
  let count = 0;
  let isAsking = true;
  const ask = async () => {
    const asked = ++count;
    const answer = await kit.run("bystander", asked).catch((error: unknown) => error);
    if (!Array.isArray(answer) || answer[0] !== asked || answer[1] !== asked) wrong.push([asked, answer]);
  };
  await ask();
  const asking = (async () => {
    while (isAsking) {
      await ask();
      await sleep(1);
    }
  })();
  const stop = async () => {
    isAsking = false;
    await asking;
  };
  onTestFinished(stop);
  return {
    count: () => count,
    expectUnharmed: async () => {
      await stop();
      expect(wrong).toEqual([]);
    },
  };
}

function expectTold(kit: ConformanceHost, told: Told): void {
  const id = "acme.culprit";
  const events = kit.record.events.filter((event) => event.id === id);
  switch (told.by) {
    case "event failed":
      expect(events.filter(({ kind }) => kind === "failed").map(({ reason }) => reason?.code)).toContain(
        told.code,
      );
      break;
    case "state failed":
      expect(info(kit.host, id)).toMatchObject({ state: "failed", reason: { code: told.code } });
      break;
    case "problem":
      expect(events.map(({ problem }) => problem?.code)).toContain(told.code);
      break;
    case "log":
      expect(
        kit.records
          .filter(({ fields }) => fields["extensionId"] === id)
          .map(({ message }) => message)
          .at(-1),
      ).toMatch(told.last);
      break;
    case "unresponsive mark":
      expect(events.map(({ kind }) => kind)).toContain("unresponsive");
      break;
    case "nobody":
      expect(events.filter(({ kind }) => kind === "failed")).toEqual([]);
  }
}

/** How an application fares that runs the culprit beside itself; one that hangs has to name it. */
async function applicationUnder(
  fault: Fault,
  { application }: NotContained,
  { onTestFinished }: TestContext,
): Promise<NotContained["application"]> {
  // It may end without a chance to clean up.
  const folder = await mkdtemp(join(tmpdir(), "plugboard-fault-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(
    process.execPath,
    [
      "--max-old-space-size=64",
      "--disable-warning=ExperimentalWarning",
      inRepository("test/conformance/fault-host.ts"),
      fault.fault,
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: folder } },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let isNamed = false as boolean;
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaints += chunk;
    if (!/nothing has gone on.*acme\.culprit/.test(complaints)) return;
    isNamed = true;
    // One that runs out of memory is busy first, and then ends by itself.
    if (application === "hangs") child.kill("SIGKILL");
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (printed === "") return isNamed && application === "hangs" ? "hangs" : "ends";
  const { answer, isDamaged } = JSON.parse(printed) as { answer: unknown; isDamaged: boolean };
  if (!isDamaged) throw new Error(`It is contained: ${JSON.stringify(answer)}`);
  return "is damaged";
}

function callerText(caller: Contained["caller"]): string {
  if ("code" in caller)
    return [caller.code]
      .flat()
      .map((code) => `\`${code}\``)
      .join(" or ");
  return "its answer";
}

function toldText(told: Told): string {
  switch (told.by) {
    case "event failed":
      return `event \`failed\` with \`${told.code}\``;
    case "state failed":
      return `state \`failed\` with \`${told.code}\``;
    case "problem":
      return `Problem \`${told.code}\``;
    case "log":
      return told.words;
    case "unresponsive mark":
      return "mark `unresponsive`, with the place where it can be found";
    case "nobody":
      return told.why;
  }
}
