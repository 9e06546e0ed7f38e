/**
 * A host whose extensions can be looked into from afar, in any runtime: by the answers of their subjects, by
 * the lines that they write to a journal of the host, and by what is logged.
 */
import {
  contributionPoint,
  offer,
  serviceToken,
  type CallOptions,
  type LogLevel,
  type Logger,
} from "@plugboard/core";
import {
  anExtension,
  createTestHost,
  type ExtensionFixture,
  type ExtensionSketch,
  type TestHost,
  type TestHostOptions,
} from "@plugboard/core/testing";
import type { RuntimeUnderTest } from "./runtime-under-test.ts";

/** Takes any value and returns any. */
export interface Subject {
  run(input: unknown): unknown;
}
/** The token of {@link (Subject:interface)}. */
export const Subject = serviceToken<Subject>("conformance.subject");

/** What the extensions of the suite contribute to. */
export const subjects = contributionPoint<Subject>()({
  id: "subjects",
  token: Subject,
  methods: { run: 1 },
  activationEvent: (item) => `onSubject:${item.id}`,
});

interface Journal {
  write(line: string): void;
}
const Journal = serviceToken<Journal>("conformance.journal");

/** An extension with one subject, named as the last part of its id. */
export interface SubjectSketch extends ExtensionSketch {
  /** The subject's `run`, as an expression. It sees `context`, and `write(line)` for the host's journal. */
  readonly run?: string;
}

/**
 * Sketches an extension that can be looked into from afar: by the answers of its subject, and by the lines
 * that it writes to the host's journal. All functions of its source see `write`, which returns a promise.
 */
export function aSubject({ run = "(input) => input", ...sketch }: SubjectSketch): ExtensionFixture {
  const subject = sketch.id.slice(sketch.id.lastIndexOf(".") + 1);
  return anExtension({
    ...sketch,
    contributes: { subjects: [{ id: subject }], ...sketch.contributes },
    supplies: { subjects: { [subject]: `{ run: ${run} }` }, ...sketch.supplies },
    services: ["conformance.journal", ...(sketch.services ?? [])],
    head: `let write;\n${sketch.head ?? ""}`,
    activate: `
      const journal = context.services.get(Symbol.for("conformance.journal"));
      write = (line) => journal.write(String(line));
      ${sketch.activate ?? ""}`,
  });
}

/** A log record as the host's logger got it. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a case asks of its host; a policy is a function, so that this suite's own can stand before it. */
export interface CaseOptions extends TestHostOptions {
  readonly runtimePolicy?: Extract<TestHostOptions["runtimePolicy"], (...args: never) => unknown>;
}

/** A host whose extensions can be looked into. */
export interface ConformanceHost extends TestHost {
  /** What extensions wrote to the journal, in order. */
  readonly lines: string[];
  /** What was logged. */
  readonly records: LogRecord[];
  /** Calls a subject. */
  run(id: string, input?: unknown, options?: CallOptions): Promise<unknown>;
}

/** One runtime as a case sees it. */
export class RuntimeHere {
  readonly kind: RuntimeUnderTest["kind"];
  readonly #options: TestHostOptions;
  readonly #adapt: (fixture: ExtensionFixture) => ExtensionFixture;

  constructor(runtime: RuntimeUnderTest, more: object) {
    this.kind = runtime.kind;
    this.#options = { ...runtime.options, ...more };
    this.#adapt = runtime.adapt ?? ((fixture) => fixture);
  }

  /** Starts a host whose extensions all run in this runtime, unless the case has a policy of its own. */
  async createHost(options: CaseOptions = {}): Promise<ConformanceHost> {
    const lines: string[] = [];
    const records: LogRecord[] = [];
    const policy = options.runtimePolicy ?? (() => this.kind);
    const kit = await createTestHost({
      logger: recorder(records),
      ...this.#options,
      ...options,
      extensions: (options.extensions ?? []).map(this.#adapt),
      // What brings a runtime is no subject of the suite.
      runtimePolicy: (description) =>
        /^\w+\.runtime-/.test(description.id) ? "in-process" : policy(description),
      // As patient as by default: a busy machine is no fault of a runtime.
      limits: { activateMs: 10_000, callMs: 15_000, dependencyMs: 10_000, ...options.limits },
      points: [subjects, ...(options.points ?? [])],
      services: [
        offer(Journal, { write: (line) => void lines.push(line) }, { methods: { write: 1 } }),
        ...(options.services ?? []),
      ],
    });
    const run = async (id: string, input?: unknown, callOptions?: CallOptions) => {
      const subject = kit.host.contributions(subjects).get(id);
      if (subject === undefined) throw new Error(`There is no subject ${id}.`);
      return callOptions === undefined ? subject.run(input) : subject.run(input, callOptions);
    };
    // The kit's report is a getter that may throw; it stays where it is.
    return Object.assign(Object.create(kit) as TestHost, {
      lines,
      records,
      run,
      write: (fixture: ExtensionFixture) => kit.write(this.#adapt(fixture)),
      [Symbol.asyncDispose]: () => kit.dispose(),
    });
  }
}

function recorder(records: LogRecord[]): Logger {
  const level =
    (name: LogLevel) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void records.push({ level: name, message, fields });
  return { debug: level("debug"), info: level("info"), warn: level("warn"), error: level("error") };
}
