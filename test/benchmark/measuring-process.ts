/** Runs a probe in a process of its own and waits, within a limit, for what it measured. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProbeOptions } from "./row.ts";

const program = fileURLToPath(new URL("probe-main.ts", import.meta.url));
const limitMs = 180_000;

const ownsGroups = process.platform !== "win32";

/** Resolves with the probe's result; rejects if its process ends without one or is not done in time. */
export function runProbe(
  row: string,
  probe: string,
  input: unknown,
  { nodeOptions = [] }: ProbeOptions,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [row, probe, JSON.stringify(input ?? null)], {
      // At the head of a group of its own, by which all that it starts can be ended.
      detached: ownsGroups,
      execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning", ...nodeOptions],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let result: { readonly result: unknown } | undefined;
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4_000);
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      endGroup(child);
    }, limitMs);
    child.on("message", (message) => {
      result = message as { readonly result: unknown };
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      // Whatever it has left running.
      endGroup(child);
      if (code === 0 && result !== undefined) resolve(result.result);
      else {
        const how = isLate
          ? `took more than ${String(limitMs / 1_000)} s`
          : `ended with ${signal ?? String(code)}`;
        reject(new Error(`${row} ${probe} ${how}.\n${errors}`));
      }
    });
  });
}

function endGroup(child: ChildProcess): void {
  if (!ownsGroups) {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-(child.pid ?? NaN), "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
