import { isExtensionError, type CallContext, type Handler } from "@plugboard/extension-api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InFlightCalls, CallTimeouts } from "../../../../core/src/contribution/in-flight-calls.js";

const callBytes = 1_000;
let timeouts: CallTimeouts;
let inFlight: InFlightCalls;

beforeEach(() => {
  vi.useFakeTimers();
  timeouts = new CallTimeouts(1_000);
  inFlight = new InFlightCalls(timeouts, "acme.english", callBytes);
});

afterEach(() => {
  timeouts.dispose();
  vi.useRealTimers();
});

/** A handler that answers when it is told to, and shows the context that it was given. */
function open() {
  const answer = Promise.withResolvers<unknown>();
  const contexts: CallContext[] = [];
  const handler: Handler = (...args) => {
    contexts.push(args.at(-1) as CallContext);
    return answer.promise;
  };
  return { handler, ...answer, contexts };
}

/** What became of a call: its answer, or the code of its error. */
const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (isExtensionError(error) ? error.code : error));

describe("a call", () => {
  test("gives the author its arguments and then the context", async () => {
    const given: unknown[][] = [];
    const handler: Handler = (...args) => {
      given.push(args.slice(0, -1));
      return "done";
    };
    expect(
      await Promise.all([
        inFlight.call0(handler),
        inFlight.call1(handler, 1),
        inFlight.call(handler, [1, 2], undefined),
      ]),
    ).toEqual(["done", "done", "done"]);
    expect(given).toEqual([[], [1], [1, 2]]);
  });

  test("that is answered in the same turn is never in flight", async () => {
    const call = inFlight.call0(() => "at once");
    expect(inFlight.size).toBe(0);
    await expect(call).resolves.toBe("at once");
  });

  test("that is answered later is in flight until then", async () => {
    const { handler, resolve } = open();
    const call = inFlight.call0(handler);
    expect(inFlight.size).toBe(1);
    resolve("later");
    await expect(call).resolves.toBe("later");
    expect(inFlight.size).toBe(0);
  });

  test("takes any thenable for an answer to come", async () => {
    const thenable = { then: (resolve: (value: string) => void) => resolve("then") };
    await expect(inFlight.call0(() => thenable)).resolves.toBe("then");
  });

  test.each([
    [
      "thrown",
      () => {
        throw new Error("out of ink");
      },
    ],
    ["rejected", () => Promise.reject(new Error("out of ink"))],
  ] as const)("whose error is %s fails with it as the cause", async (_how, handler) => {
    await expect(inFlight.call0(handler as Handler)).rejects.toMatchObject({
      code: "CALL_FAILED",
      extensionId: "acme.english",
      cause: { message: "out of ink" },
    });
  });

  test.each([undefined, null, "text", Object.create(null)])(
    "that throws %o fails like any other",
    async (thrown) => {
      const throwing: Handler = () => {
        throw thrown;
      };
      expect(await outcome(inFlight.call0(throwing))).toBe("CALL_FAILED");
    },
  );

  test("with too much data in its arguments never reaches the author", async () => {
    const handler = vi.fn<Handler>();
    const large = "a".repeat(callBytes + 1);
    expect(await outcome(inFlight.call1(handler, large))).toBe("CALL_TOO_LARGE");
    expect(await outcome(inFlight.call(handler, [large], undefined))).toBe("CALL_TOO_LARGE");
    expect(handler).not.toHaveBeenCalled();
  });

  test.each([
    ["at once", (value: unknown) => value],
    ["later", (value: unknown) => Promise.resolve(value)],
  ])("with too much data in its answer, given %s, fails", async (_when, give) => {
    expect(await outcome(inFlight.call0(() => give("a".repeat(callBytes + 1))))).toBe("CALL_TOO_LARGE");
    expect(await outcome(inFlight.call0(() => give(1n << BigInt(16 * callBytes))))).toBe("CALL_TOO_LARGE");
    expect(inFlight.size).toBe(0);
  });
});

describe("the timeouts of all calls", () => {
  test("ends a call that takes longer than the limit, and tells its author", async () => {
    const { handler, contexts } = open();
    const call = outcome(inFlight.call0(handler));
    const { signal } = contexts[0]!;
    vi.advanceTimersByTime(900);
    expect([inFlight.size, signal.aborted]).toEqual([1, false]);
    vi.advanceTimersByTime(300);
    expect(await call).toBe("CALL_TIMEOUT");
    expect([inFlight.size, signal.aborted]).toEqual([0, true]);
  });

  test("ends calls one by one, as they began", async () => {
    const early = outcome(inFlight.call0(open().handler));
    vi.advanceTimersByTime(600);
    const late = open();
    const later = outcome(inFlight.call0(late.handler));
    vi.advanceTimersByTime(600);
    expect(await early).toBe("CALL_TIMEOUT");
    late.resolve("in time");
    expect(await later).toBe("in time");
  });

  test("rests while nothing is in flight, and starts again with the next call", async () => {
    const first = open();
    const call = inFlight.call0(first.handler);
    expect(vi.getTimerCount()).toBe(1);
    first.resolve(1);
    await call;
    vi.advanceTimersByTime(200);
    expect(vi.getTimerCount()).toBe(0);
    const second = outcome(inFlight.call0(open().handler));
    vi.advanceTimersByTime(1_300);
    expect(await second).toBe("CALL_TIMEOUT");
  });

  test("without a limit ends nothing", () => {
    const endless = new CallTimeouts(0);
    const patient = new InFlightCalls(endless, "acme.english", callBytes);
    const { handler, contexts } = open();
    void patient.call0(handler);
    vi.advanceTimersByTime(1_000_000);
    expect(patient.size).toBe(1);
    expect(contexts[0]!.deadline).toBe(Infinity);
    endless.dispose();
  });
});

describe("a call's own options", () => {
  test("count instead of the limit of all calls", async () => {
    const short = outcome(inFlight.call(open().handler, [], { timeoutMs: 50 }));
    const endless = open();
    const call = outcome(inFlight.call(endless.handler, [], { timeoutMs: 0 }));
    vi.advanceTimersByTime(50);
    expect(await short).toBe("CALL_TIMEOUT");
    vi.advanceTimersByTime(100_000);
    endless.resolve("at last");
    expect(await call).toBe("at last");
  });

  test("leave no timer behind when the call settles", async () => {
    const { handler, resolve } = open();
    const call = inFlight.call(handler, [], { timeoutMs: 50 });
    resolve(1);
    await call;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("cancel a call, whose author is told why", async () => {
    const controller = new AbortController();
    const { handler, contexts } = open();
    const call = inFlight.call(handler, [], { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(call).rejects.toMatchObject({ code: "CALL_CANCELLED", cause: { message: "enough" } });
    expect(contexts[0]!.signal.aborted).toBe(true);
    expect(inFlight.size).toBe(0);
  });

  test("that are cancelled beforehand keep the call from being made", async () => {
    const handler = vi.fn<Handler>();
    expect(await outcome(inFlight.call(handler, [], { signal: AbortSignal.abort() }))).toBe("CALL_CANCELLED");
    expect(handler).not.toHaveBeenCalled();
  });

  test("may be cancelled by the handler itself", async () => {
    const controller = new AbortController();
    const cancelling: Handler = () => {
      controller.abort();
      return new Promise(() => undefined);
    };
    expect(await outcome(inFlight.call(cancelling, [], { signal: controller.signal }))).toBe(
      "CALL_CANCELLED",
    );
  });
});

describe("a call's context", () => {
  test("tells when the time is up, whenever it is asked", () => {
    const now = Date.now();
    const ofAll = open();
    const ofCall = open();
    void inFlight.call0(ofAll.handler);
    void inFlight.call(ofCall.handler, [], { timeoutMs: 50 });
    expect(ofAll.contexts[0]!.deadline).toBe(now + 1_000);
    expect(ofCall.contexts[0]!.deadline).toBe(now + 50);
    timeouts.dispose();
  });
});

describe("the end of all calls", () => {
  test("is idle at once while nothing is in flight, else when the last call settles", async () => {
    await inFlight.idle();
    const one = open();
    const two = open();
    const calls = [inFlight.call0(one.handler), inFlight.call(two.handler, [], { timeoutMs: 0 })];
    let isIdle = false;
    const idle = inFlight.idle().then(() => {
      isIdle = true;
    });
    one.resolve(1);
    await calls[0];
    expect(isIdle).toBe(false);
    two.reject(new Error("no"));
    expect(await outcome(calls[1]!)).toBe("CALL_FAILED");
    await idle;
    expect(isIdle).toBe(true);
  });

  test("tells the authors to hurry, whose answers still count", async () => {
    const { handler, resolve, contexts } = open();
    const call = inFlight.call0(handler);
    inFlight.abort(new Error("going"));
    expect(contexts[0]!.signal.reason).toMatchObject({ message: "going" });
    resolve("still");
    await expect(call).resolves.toBe("still");
  });

  test("rejects what is left, with and without a limit of its own, and forgets later answers", async () => {
    const one = open();
    const two = open();
    const calls = [inFlight.call0(one.handler), inFlight.call(two.handler, [], { timeoutMs: 500 })].map(
      outcome,
    );
    inFlight.rejectAll(new Error("gone"));
    one.resolve(1);
    expect(await Promise.all(calls)).toMatchObject([{ message: "gone" }, { message: "gone" }]);
    expect(inFlight.size).toBe(0);
  });

  test("rejects calls from the middle of the row without losing their neighbours", async () => {
    const calls = Array.from({ length: 5 }, open);
    const answers = calls.map(({ handler }) => outcome(inFlight.call0(handler)));
    for (const index of [2, 0, 4]) calls[index]!.resolve(index);
    await Promise.all([answers[2], answers[0], answers[4]]);
    expect(inFlight.size).toBe(2);
    inFlight.rejectAll(new Error("gone"));
    expect(await Promise.all(answers)).toMatchObject([0, { message: "gone" }, 2, { message: "gone" }, 4]);
  });
});
