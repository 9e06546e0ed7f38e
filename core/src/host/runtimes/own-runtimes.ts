/** The runtimes that every host has, set up as the application wants them. */
import { availableParallelism } from "node:os";
import type { Runtime } from "@plugboard/extension-api";
import { packageFiles, providedPackages } from "../../runtime/provided-packages.js";
import { ownRuntimeTrust } from "../../manifest/own-runtime-trust.js";
import { ChannelRuntime } from "../../runtime/channel-runtime.js";
import type { Children } from "../../runtime/child/children.js";
import { grantedEnvironment } from "../../runtime/granted-environment.js";
import type { Watchdog } from "../../runtime/in-process/watchdog.js";
import { lateDriver, lateRuntime } from "../../runtime/late.js";
import type { StartSemaphore } from "../../runtime/start-semaphore.js";
import type { SessionTerms } from "../../runtime/open-session.js";
import type { HostLimits, HostOptions } from "../face/host-options.js";

/** The terms that all sessions over channels have in common. @internal */
export function sessionTerms(
  { unresponsiveMs }: Pick<HostLimits, "unresponsiveMs">,
  report: (error: unknown) => void,
): SessionTerms {
  return {
    patience: { pingAfterMs: Math.min(1_000, unresponsiveMs), unresponsiveMs },
    environment: ({ capabilities }) => grantedEnvironment(capabilities, process.env),
    withStacks: true,
    report,
  };
}

/** What they share with the runtimes of others. @internal */
export interface OwnRuntimeParts {
  readonly terms: SessionTerms;
  readonly starts: StartSemaphore;
  readonly children: Children;
}

/** Workers and processes that start at the same time: while one waits for the disk, another can use its processor. @internal */
export const startsAtOnce = Math.max(2, availableParallelism());

/** Quiet after the last start before the next channel is opened ahead: longer than a command that calls once takes. */
const spareAfterMs = 500;

/** In-process, worker and process. @internal */
export function ownRuntimes(
  options: HostOptions,
  { memoryBytes, unresponsiveMs }: Pick<HostLimits, "memoryBytes" | "unresponsiveMs">,
  { terms, starts, children }: OwnRuntimeParts,
): readonly Runtime[] {
  const given = options.packages ?? {};
  const provided = providedPackages(given);
  const packages = packageFiles(Object.keys(given));
  return [
    options.strictBoundaries === true
      ? new ChannelRuntime({
          ...terms,
          kind: "in-process",
          trust: ownRuntimeTrust["in-process"],
          driver: lateDriver(async () => {
            const { LoopbackDriver } = await import("../../runtime/in-process/loopback-driver.js");
            return new LoopbackDriver({ provided });
          }),
        })
      : lateRuntime("in-process", async () => {
          const { InProcessRuntime } = await import("../../runtime/in-process/in-process-runtime.js");
          return new InProcessRuntime({
            provided,
            watchdog: await watchdogOf(options, unresponsiveMs, terms.report),
            scope: options.inProcessScope,
          });
        }),
    new ChannelRuntime({
      ...terms,
      kind: "worker",
      trust: ownRuntimeTrust.worker,
      driver: lateDriver(async () => {
        const { WorkerDriver } = await import("../../runtime/worker/worker-driver.js");
        return new WorkerDriver({ memoryBytes, packages });
      }),
      spareAfterMs,
      starts,
    }),
    new ChannelRuntime({
      ...terms,
      kind: "process",
      trust: ownRuntimeTrust.process,
      driver: lateDriver(async () => {
        const { ProcessDriver } = await import("../../runtime/process/process-driver.js");
        return new ProcessDriver({ children, memoryBytes, packages });
      }),
      spareAfterMs,
      starts,
    }),
  ];
}

async function watchdogOf(
  { watchdog, logger }: HostOptions,
  limitMs: number,
  report: (error: unknown) => void,
): Promise<Watchdog | undefined> {
  if (watchdog === undefined) return undefined;
  const late = await import("../../runtime/in-process/watchdog.js");
  return new late.Watchdog({
    limitMs,
    printsAtOnce: watchdog === "print",
    warn: (message) => logger?.warn(message),
    report,
  });
}
