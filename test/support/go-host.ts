/** Drives the host written in Go, and reads what it tells. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { buildGo } from "./go-toolchain.ts";

const run = promisify(execFile);

/** What the host in Go tells of a plugin; times in milliseconds unless named otherwise. */
export interface GoHostReport {
  readonly error?: string;
  readonly pid: number;
  readonly handshakeMs: number;
  readonly connectMs: number;
  readonly firstMs: number;
  readonly greeting: string;
  readonly ping: string;
  readonly printed?: readonly { readonly stream: "stdout" | "stderr"; readonly text: string }[];
  readonly callBack?: string;
  readonly oneByOne?: { readonly calls: number; readonly medianUs: number; readonly p99Us: number };
  readonly burst?: { readonly calls: number; readonly callers: number; readonly perSecond: number };
  readonly end: {
    readonly how: "stop" | "kill";
    readonly failedMs?: number;
    readonly failure?: string;
    readonly exitedMs: number;
    readonly exited: boolean;
  };
  readonly log?: readonly string[];
}

/** Lets the host in Go start a plugin, with flags of `gohost`, and gives its report, also of a failure. */
export async function goHost(
  flags: readonly string[],
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<GoHostReport> {
  const program = await buildGo("gohost");
  try {
    const { stdout } = await run(program, [...flags, ...command], { env, timeout: 120_000 });
    return JSON.parse(stdout) as GoHostReport;
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string };
    if (stdout === undefined || stdout === "") throw error;
    return JSON.parse(stdout) as GoHostReport;
  }
}
