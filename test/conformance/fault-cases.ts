/**
 * The faults of extensions and what becomes of each in every runtime: data that the tests, the table and the
 * application that is given up to an uncontained fault read alike.
 */
import type { HostLimits } from "@plugboard/core";
import type { SubjectSketch } from "./conformance-host.ts";
import type { JavaScriptRuntime } from "./runtimes-under-test.ts";

type Kind = JavaScriptRuntime["kind"];

/** Who is told of a fault: an event of a kind, a finding, a state, or a log record that says it. */
export type Told =
  | { readonly by: "event failed" | "problem" | "state failed"; readonly code: string }
  | { readonly by: "log"; readonly last: RegExp; readonly words: string }
  | { readonly by: "unresponsive mark" }
  | { readonly by: "nobody"; readonly why: string };

/** What becomes of a fault that is contained. */
export interface Contained {
  /** What the caller gets: an error's code, one of several, or an answer. */
  readonly caller: { readonly code: string | readonly string[] } | { readonly answer: unknown };
  readonly told: readonly Told[];
  /** The limit within which, in words. */
  readonly within: string;
}

/** What becomes of the application when a fault is not contained. */
export interface NotContained {
  readonly notContained: string;
  /** How an application shows it: it ends by itself, it hangs, or it goes on with damage. */
  readonly application: "ends" | "hangs" | "is damaged" | "is not tried";
}

/** A fault that can't happen there. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** One fault. */
export interface Fault {
  /** What the extension does; the culprit is `acme.culprit`. */
  readonly fault: string;
  readonly culprit: Omit<SubjectSketch, "id">;
  /** Limits short enough to wait for. */
  readonly limits?: Partial<HostLimits>;
  /** Milliseconds that the caller waits; the host's limit unless given. */
  readonly timeoutMs?: number;
  /** What is done beside calling the culprit with `"fault"`. */
  readonly act?: "deactivate" | "kill" | "stop and continue" | "call 100,000 times";
  /** Whether the culprit is as useful afterwards as before, by the same generation or the next. */
  readonly isUsableAfter?: boolean;
  readonly outcome: Readonly<Record<Kind, Contained | NotContained | NotApplicable>>;
  /** What becomes of it in a process of another language, if that is not what becomes of it in one of ours. */
  readonly inGo?: Contained | NotContained | NotApplicable;
}

/** What becomes of the fault in the runtime. @param runtime - its kind */
export function outcomeIn(
  fault: Fault,
  runtime: Kind | "go-plugin",
): Contained | NotContained | NotApplicable {
  return runtime === "go-plugin" ? (fault.inGo ?? fault.outcome.process) : fault.outcome[runtime];
}

const failed = (code: string): Contained["told"] => [
  { by: "event failed", code },
  { by: "state failed", code },
  { by: "problem", code },
];
const crash: Contained = {
  caller: { code: "EXTENSION_CRASHED" },
  told: [{ by: "event failed", code: "EXTENSION_CRASHED" }],
  within: "100 ms of the exit",
};
const late: Contained = {
  caller: { code: "CALL_TIMEOUT" },
  told: [{ by: "unresponsive mark" }],
  within: "the call's `timeoutMs` (30 s); `unresponsiveMs` (3 s)",
};
const ends = (notContained: string): NotContained => ({ notContained, application: "ends" });
const hangs: NotContained = {
  notContained: "a loop without `await` stops the whole application",
  application: "hangs",
};
const everywhere = (outcome: Contained | NotApplicable): Fault["outcome"] => ({
  "in-process": outcome,
  worker: outcome,
  process: outcome,
});
const besideOthers: Contained = {
  caller: { code: "CALL_TIMEOUT" },
  told: [{ by: "nobody", why: "the caller alone; other calls go on in threads of their own" }],
  within: "the call's `timeoutMs` (30 s)",
};
const ofJavaScript = { notApplicable: "Go has no such objects" };
const noProcess = { notApplicable: "it has no process of its own" };

export const faults: readonly Fault[] = [
  {
    fault: "`activate` throws",
    culprit: { activate: `throw new TypeError("not today");` },
    limits: { retryMs: 60_000 },
    outcome: everywhere({
      caller: { code: "ACTIVATION_FAILED" },
      told: failed("ACTIVATION_FAILED"),
      within: "at once",
    }),
  },
  {
    fault: "`activate` never settles",
    culprit: { activate: "await new Promise(() => {});" },
    limits: { activateMs: 1_500, retryMs: 60_000 },
    outcome: everywhere({
      caller: { code: "ACTIVATION_TIMEOUT" },
      told: failed("ACTIVATION_TIMEOUT"),
      within: "`activateMs` (10 s)",
    }),
  },
  {
    fault: "`activate` loops for ever",
    culprit: { activate: "for (;;);" },
    limits: { activateMs: 1_500, retryMs: 60_000 },
    outcome: {
      ...everywhere({
        caller: { code: "ACTIVATION_TIMEOUT" },
        told: failed("ACTIVATION_TIMEOUT"),
        within: "`activateMs` (10 s)",
      }),
      "in-process": hangs,
    },
  },
  {
    fault: "a call loops for ever",
    culprit: { run: "(input) => { if (input === 'fault') for (;;); return input; }" },
    limits: { unresponsiveMs: 300 },
    timeoutMs: 2_000,
    outcome: { ...everywhere(late), "in-process": hangs },
    inGo: besideOthers,
  },
  {
    fault: "a call blocks in a synchronous native call",
    culprit: {
      run: `(input) => { if (input === "fault") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return input; }`,
    },
    limits: { unresponsiveMs: 300 },
    timeoutMs: 2_000,
    outcome: {
      ...everywhere(late),
      "in-process": { notContained: "it blocks the whole application", application: "hangs" },
    },
    inGo: besideOthers,
  },
  {
    fault: "a call allocates heap without end",
    culprit: {
      run: `(input) => { if (input !== "fault") return input; const kept = [];
        for (;;) kept.push(Array.from({ length: 10_000 }, () => ({ kept }))); }`,
    },
    limits: { memoryBytes: 160 * 1024 * 1024 },
    timeoutMs: 60_000,
    outcome: { ...everywhere(crash), "in-process": ends("the application runs out of memory") },
  },
  {
    fault: "a call fills a map without end",
    culprit: {
      run: `(input) => { if (input !== "fault") return input; const kept = new Map();
        for (let key = 0; ; key++) kept.set(key, { key }); }`,
    },
    limits: { memoryBytes: 160 * 1024 * 1024 },
    timeoutMs: 60_000,
    outcome: { ...everywhere(crash), "in-process": ends("the application runs out of memory") },
    inGo: { notApplicable: "it is the same as any heap there" },
  },
  {
    fault: "a call allocates large arrays without end",
    culprit: {
      run: `(input) => { if (input !== "fault") return input; const kept = [];
        for (;;) kept.push(new Array(10_000_000).fill(0.5)); }`,
    },
    limits: { memoryBytes: 160 * 1024 * 1024 },
    timeoutMs: 60_000,
    outcome: { ...everywhere(crash), "in-process": ends("the application runs out of memory") },
    inGo: { notApplicable: "it is the same as any heap there" },
  },
  {
    fault: "a loop that calls nothing but built-in functions allocates without end",
    culprit: {
      run: `(input) => { if (input !== "fault") return input; const kept = [];
        for (;;) kept.push(new Array(1_000).fill({})); }`,
    },
    limits: { memoryBytes: 160 * 1024 * 1024 },
    timeoutMs: 60_000,
    outcome: {
      ...everywhere(crash),
      "in-process": ends("the application runs out of memory"),
      worker: {
        notContained:
          "V8 compiles such a loop so that nobody can interrupt it, and ends the application when its heap is full",
        application: "is not tried",
      },
    },
    inGo: { notApplicable: "any loop can be interrupted there" },
  },
  {
    fault: "a call allocates buffers without end",
    culprit: {
      run: `async (input) => { if (input !== "fault") return input; const kept = [];
        for (;;) { kept.push(Buffer.alloc(4 * 1024 * 1024, 1)); await new Promise((next) => setTimeout(next, 1)); } }`,
    },
    limits: { memoryBytes: 160 * 1024 * 1024 },
    timeoutMs: 60_000,
    outcome: {
      ...everywhere(crash),
      "in-process": {
        notContained: "the machine runs out of memory",
        application: "is not tried",
      },
    },
  },
  {
    fault: "a call ends the process (`process.exit`)",
    culprit: { run: "(input) => (input === 'fault' ? process.exit(3) : input)" },
    isUsableAfter: true,
    outcome: { ...everywhere(crash), "in-process": ends("it ends the application") },
  },
  {
    fault: "a call aborts the process (`process.abort`)",
    culprit: { run: "(input) => (input === 'fault' ? process.abort() : input)" },
    isUsableAfter: true,
    outcome: {
      process: crash,
      worker: {
        caller: { code: "CALL_FAILED" },
        told: [{ by: "nobody", why: "Node refuses it in a thread: the caller alone" }],
        within: "at once",
      },
      "in-process": ends("it ends the application"),
    },
  },
  {
    fault: "a call leaves an unhandled rejection",
    culprit: {
      run: `async (input) => { if (input !== "fault") return input;
        Promise.reject(new Error("nobody looks")); return new Promise(() => {}); }`,
    },
    timeoutMs: 5_000,
    isUsableAfter: true,
    outcome: {
      ...everywhere(crash),
      "in-process": ends("Node ends the application, unless the application listens"),
    },
  },
  {
    fault: "a timer throws",
    culprit: {
      run: `async (input) => { if (input !== "fault") return input;
        setTimeout(() => { throw new Error("too late to catch"); }, 1); return new Promise(() => {}); }`,
    },
    timeoutMs: 5_000,
    isUsableAfter: true,
    outcome: {
      ...everywhere(crash),
      "in-process": ends("Node ends the application, unless the application listens"),
    },
  },
  {
    fault: "a call patches `Object.prototype`",
    culprit: {
      run: `(input) => { if (input !== "fault") return input;
        Object.prototype.polluted = "by acme.culprit";
        Object.defineProperty(Object.prototype, "toString", { value: () => "patched" }); return "patched"; }`,
    },
    isUsableAfter: true,
    outcome: {
      ...everywhere({
        caller: { answer: "patched" },
        told: [{ by: "nobody", why: "only the extension itself is affected" }],
        within: "-",
      }),
      "in-process": {
        notContained: "all code of the application sees the patch",
        application: "is damaged",
      },
    },
    inGo: ofJavaScript,
  },
  {
    fault: "`deactivate` never settles",
    culprit: { deactivate: "await new Promise(() => {});" },
    limits: { deactivateMs: 200 },
    act: "deactivate",
    isUsableAfter: true,
    outcome: everywhere({
      caller: { answer: "fault" },
      told: [{ by: "problem", code: "DEACTIVATION_TIMEOUT" }],
      within: "`deactivateMs` (5 s)",
    }),
  },
  {
    fault: "`deactivate` loops for ever",
    culprit: { deactivate: "for (;;);" },
    limits: { deactivateMs: 300 },
    act: "deactivate",
    isUsableAfter: true,
    outcome: {
      ...everywhere({
        caller: { answer: "fault" },
        told: [{ by: "problem", code: "DEACTIVATION_TIMEOUT" }],
        within: "`deactivateMs` (5 s)",
      }),
      "in-process": hangs,
    },
  },
  {
    fault: "`deactivate` throws",
    culprit: { deactivate: `throw new TypeError("can't let go");` },
    act: "deactivate",
    isUsableAfter: true,
    outcome: everywhere({
      caller: { answer: "fault" },
      told: [{ by: "problem", code: "DEACTIVATION_FAILED" }],
      within: "at once",
    }),
  },
  {
    fault: "its process is killed in mid-call (`kill -9`)",
    culprit: {
      run: `(input) => { if (input === "pid") return process.pid; if (input === "fault") { write("asked"); return new Promise(() => {}); } return input; }`,
    },
    act: "kill",
    isUsableAfter: true,
    outcome: { "in-process": noProcess, worker: noProcess, process: crash },
  },
  {
    fault: "its process is halted in mid-call (`kill -STOP`)",
    culprit: {
      run: `(input) => { if (input === "pid") return process.pid; if (input === "fault") { write("asked"); return new Promise(() => {}); } return input; }`,
    },
    act: "stop and continue",
    limits: { unresponsiveMs: 300 },
    timeoutMs: 2_000,
    isUsableAfter: true,
    outcome: { "in-process": noProcess, worker: noProcess, process: late },
  },
  {
    fault: "a call writes 100,000 log lines",
    culprit: {
      run: `(input) => { if (input !== "fault") return input;
        for (let line = 1; line <= 100_000; line++) context.logger.info("flood " + line); return "written"; }`,
    },
    isUsableAfter: true,
    outcome: everywhere({
      caller: { answer: "written" },
      told: [
        {
          by: "log",
          last: /^flood 100000$/,
          words: "the logger, all of them; what goes on beyond that in a worker or process is counted",
        },
      ],
      within: "at once",
    }),
  },
  {
    fault: "a call prints 100,000 lines",
    culprit: {
      run: `(input) => { if (input !== "fault") return input;
        for (let line = 1; line <= 100_000; line++) process.stdout.write("flood " + line + "\\n"); return "written"; }`,
    },
    isUsableAfter: true,
    outcome: {
      ...everywhere({
        caller: { answer: "written" },
        told: [
          {
            by: "log",
            last: /^flood 100000$|more lines were printed and left out/,
            words: "the logger; a process that prints faster than it is read has lines left out and counted",
          },
        ],
        within: "at once",
      }),
      "in-process": { notApplicable: "it prints to the application's own streams" },
    },
  },
  {
    fault: "100,000 calls wait for its `activate`",
    culprit: { activate: "await new Promise((done) => setTimeout(done, 300));" },
    limits: { callMs: 20_000 },
    act: "call 100,000 times",
    isUsableAfter: true,
    outcome: everywhere({
      caller: { code: "CALL_QUEUE_FULL" },
      told: [{ by: "nobody", why: "the callers alone; the first 10,000 are answered" }],
      within: "at once",
    }),
  },
  {
    fault: "its result is a thenable that never settles",
    culprit: { run: "(input) => (input === 'fault' ? { then() {} } : input)" },
    timeoutMs: 200,
    isUsableAfter: true,
    outcome: everywhere({
      caller: { code: "CALL_TIMEOUT" },
      told: [{ by: "nobody", why: "the caller alone" }],
      within: "the call's `timeoutMs` (30 s)",
    }),
    inGo: ofJavaScript,
  },
  {
    fault: "its result has a getter that throws",
    culprit: {
      run: "(input) => (input === 'fault' ? { get value() { throw new Error('gotcha'); } } : input)",
    },
    isUsableAfter: true,
    outcome: everywhere({
      caller: { code: ["CALL_FAILED", "CALL_NOT_SERIALIZABLE"] },
      told: [{ by: "nobody", why: "the caller alone" }],
      within: "at once",
    }),
    inGo: ofJavaScript,
  },
  {
    fault: "its result is a Proxy whose traps throw",
    culprit: {
      run: `(input) => input !== "fault" ? input : new Proxy({}, {
        ownKeys() { throw new Error("gotcha"); }, getPrototypeOf() { throw new Error("gotcha"); } })`,
    },
    isUsableAfter: true,
    outcome: everywhere({
      caller: { code: ["CALL_FAILED", "CALL_NOT_SERIALIZABLE"] },
      told: [{ by: "nobody", why: "the caller alone" }],
      within: "at once",
    }),
    inGo: ofJavaScript,
  },
];
