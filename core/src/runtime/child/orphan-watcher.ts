/**
 * Ends the children of a host that was itself killed, also those that loop for ever: one small shell process that
 * reads the ids of their process groups from a pipe, and kills all that stand when the pipe ends.
 * On Windows there is none: there a child ends with its own pipe to the host, if it still looks at it.
 */
import type { ChildProcess } from "node:child_process";
import { nodeChildProcess } from "../../common/late-builtins.js";

/** Keeps the list of groups; what it kills has been added and not removed. */
const script = `
groups=
while read -r action group; do
  rest=
  for known in $groups; do
    if [ "$known" != "$group" ]; then rest="$rest $known"; fi
  done
  groups=$rest
  if [ "$action" = add ]; then groups="$groups $group"; fi
done
for group in $groups; do kill -9 "-$group"; done
`;

/** Lives while there are groups to watch over. @internal */
export class OrphanWatcher {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;

  /** Adds the group of a child that was just started. */
  add(group: number): void {
    if (process.platform === "win32") return;
    this.#groups.add(group);
    if (this.#shell === undefined) this.#start();
    else this.#say(`add ${group}`);
  }

  /** Forgets a group that has ended; the last one takes the watcher with it. */
  remove(group: number): void {
    if (!this.#groups.delete(group)) return;
    this.#say(`remove ${group}`);
    if (this.#groups.size > 0) return;
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  #start(): void {
    const shell = nodeChildProcess().spawn("/bin/sh", ["-c", script], {
      // Neither a terminal's Ctrl+C nor the end of the host's group may end it before its work is done.
      detached: true,
      cwd: "/",
      env: {},
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#shell = shell;
    const forget = (): void => {
      if (this.#shell === shell) this.#shell = undefined;
    };
    // Without a shell, children still end with their pipe; only a looping one would stay.
    shell.once("error", forget);
    shell.once("exit", forget);
    shell.stdin.on("error", forget);
    shell.unref();
    (shell.stdin as { unref?(): void }).unref?.();
    for (const group of this.#groups) this.#say(`add ${group}`);
  }

  #say(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }
}
