/** Drives the host in Go that uses extensions: it does steps, and tells what came of each. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { inRepository } from "./repository.ts";
import { buildGo } from "./go-toolchain.ts";

/** What came of a step. */
export interface StepReport {
  readonly step: string;
  readonly result: unknown;
  readonly error?: string;
  readonly ms: number;
}

/** A host in Go that runs. */
export interface ContractHost {
  readonly process: ChildProcess;
  /** Resolves with the report of the step once it is done; steps may be asked for in order only. */
  until(step: string): Promise<StepReport>;
  /** Resolves with all reports that were not asked for, at its end. */
  rest(): Promise<readonly StepReport[]>;
}

/** The command line of Plugboard as the plugin of a host. */
export function servingCommand(...words: readonly string[]): readonly string[] {
  return [process.execPath, inRepository("core/bin/plugboard.js"), "serve-go-plugin", ...words];
}

/** Starts the host in Go, which starts the command. Its standard input stays open until it is ended. */
export async function startContractHost(
  flags: readonly string[],
  steps: readonly string[],
  command: readonly string[],
): Promise<ContractHost> {
  const program = await buildGo("contracthost");
  const child = spawn(program, [...flags, "-do", steps.join(" "), "--", ...command], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A host that is killed takes no more input.
  child.stdin.on("error", () => undefined);
  const stderr = text(child.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<StepReport | undefined> => {
    const line = await lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as StepReport);
  };
  return {
    process: child,
    until: async (step) => {
      for (let report = await next(); report !== undefined; report = await next()) {
        if (report.step === step) return report;
      }
      throw new Error(`the host ended before ${step}: ${await stderr}`);
    },
    rest: async () => {
      const reports: StepReport[] = [];
      for (let report = await next(); report !== undefined; report = await next()) reports.push(report);
      return reports;
    },
  };
}

/** Lets the host in Go do the steps, and gives what came of each, with its start and its end. */
export async function contractSteps(
  flags: readonly string[],
  steps: readonly string[],
  command: readonly string[],
): Promise<readonly StepReport[]> {
  const host = await startContractHost(flags, steps, command);
  host.process.stdin?.end();
  return host.rest();
}
