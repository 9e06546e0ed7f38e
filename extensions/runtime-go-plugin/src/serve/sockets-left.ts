/**
 * Sockets of plugins that were killed, which left theirs behind: the next plugin of the same user removes them.
 * Invariant: a socket on which somebody listens stays, whichever machine or container its process is in.
 */
import { lstat, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { socketFolderPrefix } from "./socket-folder.js";

/**
 * Gives how many it removed from the folder; what can't be looked at stays.
 *
 * @param own - a folder that needs no looking at
 * @internal
 */
export async function removeSocketsLeft(parent: string, own?: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  let removed = 0;
  for (const name of names.filter((entry) => entry.startsWith(socketFolderPrefix))) {
    const folder = join(parent, name);
    if (folder === own) continue;
    try {
      if (!(await isLeft(folder))) continue;
      await rm(folder, { recursive: true, force: true });
      removed++;
    } catch {
      // It went in the meantime, or is not ours to remove.
    }
  }
  return removed;
}

async function isLeft(folder: string): Promise<boolean> {
  const { uid } = await lstat(folder);
  if (uid !== process.getuid?.()) return false;
  const [socket] = await readdir(folder);
  // One without a socket is about to get it.
  return socket !== undefined && (await refuses(join(folder, socket)));
}

function refuses(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(false);
    });
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
}
