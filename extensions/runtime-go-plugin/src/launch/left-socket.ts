/**
 * Removes a socket whose process has ended.
 * Invariant: what is no socket, and a socket on which somebody listens, stays, whoever named it.
 */
import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";

/** Time for a listener to show that it is there: one that is stopped, or busy, shows nothing. */
const probeMs = 1_000;

/** Removes it if nobody listens there. Never rejects. @internal */
export async function removeLeftSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isSocket() === true && (await refuses(path))) await unlink(path).catch(() => undefined);
}

function refuses(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const settle = (isRefused: boolean): void => {
      clearTimeout(timer);
      probe.destroy();
      resolve(isRefused);
    };
    const timer = setTimeout(() => settle(false), probeMs);
    probe.once("connect", () => settle(false));
    probe.once("error", (error: NodeJS.ErrnoException) => settle(error.code === "ECONNREFUSED"));
  });
}
