/** Runs a probe in a process of its own and waits, within a limit, for what it measured. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProbeOptions } from "./row.ts";

const program = fileURLToPath(new URL("probe-main.ts", import.meta.url));
const limitMs = 180_000;

/** Resolves with the probe's result; rejects if its process ends without one or is not done in time. */
export function runProbe(
  row: string,
  probe: string,
  input: unknown,
  { nodeOptions = [] }: ProbeOptions,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [row, probe, JSON.stringify(input ?? null)], {
      execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning", ...nodeOptions],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let result: { readonly result: unknown } | undefined;
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4_000);
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.on("message", (message) => {
      result = message as { readonly result: unknown };
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && result !== undefined) resolve(result.result);
      else reject(new Error(`${row} ${probe} ended with ${signal ?? String(code)}.\n${errors}`));
    });
  });
}
