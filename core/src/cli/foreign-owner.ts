/**
 * Refuses to obey what another user has put into the current directory: whoever works in a shared folder must not run
 * somebody else's settings by that alone. Git's safe.directory is the model. What is root's may be obeyed: root needs no
 * such way. Windows tells no owner, and nothing is refused there.
 */
import { lstatSync, statSync, type Stats } from "node:fs";
import { InputError } from "./exit-code.js";

/** Who runs the command. */
interface User {
  /** Undefined where users have no numbers. */
  readonly uid: number | undefined;
  /** On whose behalf root acts. */
  readonly sudoUid?: string | undefined;
}

/** The user that this process runs as. */
function currentUser(): User {
  return { uid: process.geteuid?.(), sudoUid: process.env["SUDO_UID"] };
}

/**
 * Passes what belongs to the user, to root or to nobody yet.
 *
 * @param option - the option that names the path explicitly
 * @throws InputError `CONFIG_FOREIGN`
 * @internal
 */
export function assertOwn(path: string, option: string, user = currentUser()): void {
  if (user.uid === undefined) return;
  const mayOwn = new Set([
    0,
    user.uid,
    ...(user.uid === 0 && user.sudoUid !== undefined ? [Number(user.sudoUid)] : []),
  ]);
  // A link is as foreign as its own owner, wherever it leads.
  const owners = [ownerOf(path, lstatSync), ownerOf(path, statSync)];
  const owner = owners.find((uid) => uid !== undefined && !mayOwn.has(uid));
  if (owner === undefined) return;
  throw new InputError(
    "CONFIG_FOREIGN",
    `${path} belongs to another user (uid ${owner}), and nobody has named it.`,
    `If you trust that user, name it: ${option} ${path}`,
  );
}

function ownerOf(path: string, look: (path: string) => Stats): number | undefined {
  try {
    return look(path).uid;
  } catch {
    // What can't be looked at can't be read either, and its reader says why.
    return undefined;
  }
}
