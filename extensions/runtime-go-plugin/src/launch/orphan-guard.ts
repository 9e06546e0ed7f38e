/**
 * Ends plugins whose host was itself killed. A plugin of Go does not look at its standard input, and need not notice
 * that its host is gone; so one small shell process for all of them waits on a pipe that ends with this process, and
 * then kills the groups that it was told of.
 * Where there is no shell, as on Windows, plugins are only found by the sweep at the next start, or end by themselves.
 */
import { spawn, type ChildProcess } from "node:child_process";

/** Each line of its input is `+` or `-` and the id of a group. It uses nothing that isn't built into the shell. */
const script = `
set -f
standing=
while read -r sign group; do
  others=
  for one in $standing; do
    [ "$one" = "$group" ] || others="$others $one"
  done
  standing=$others
  [ "$sign" = + ] && standing="$standing $group"
done
for one in $standing; do kill -s KILL -- "-$one"; done
`;

/** Guards groups of processes, from the first on until it is told that there will be no more. @internal */
export class OrphanGuard {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;

  /** The shell; undefined while there has been nothing to guard. */
  get processId(): number | undefined {
    return this.#shell?.pid;
  }

  /** Guards a group from now on, by the id of its leader. */
  add(group: number): void {
    if (process.platform === "win32") return;
    this.#groups.add(group);
    if (this.#shell === undefined) this.#start();
    else this.#tell("+", group);
  }

  /** The group has ended. Its id may soon be another's: it has to be told before the end is told to anybody else. */
  remove(group: number): void {
    if (!this.#groups.delete(group)) return;
    this.#tell("-", group);
  }

  /** Keeps nothing running any more. There must be no group left. */
  dispose(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  #start(): void {
    const shell = spawn("/bin/sh", ["-c", script, "plugboard-orphan-guard"], {
      cwd: "/",
      env: {},
      // What ends the host's own group must not end it as well.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#shell = shell;
    const lose = (): void => {
      if (this.#shell === shell) this.#shell = undefined;
    };
    // Without it the sweep at the next start is what remains.
    shell.once("error", lose);
    shell.once("exit", lose);
    shell.stdin.once("error", lose);
    shell.unref();
    (shell.stdin as { unref?: () => void }).unref?.();
    for (const group of this.#groups) this.#tell("+", group);
  }

  #tell(sign: "+" | "-", group: number): void {
    this.#shell?.stdin?.write(`${sign} ${group}\n`);
  }
}
