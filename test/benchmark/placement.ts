/**
 * Holds this process and its children to processors. Where the system puts the two ends of a call decides more
 * than all code between them: to wake a processor that sleeps takes ten times as long as a call within one, and
 * two equal pairs in the same run differ by that factor. So each placement is measured by itself.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Both ends on one processor, on two, or wherever the system puts them. */
export type Placement = "one core" | "two cores" | "any core";

/** Puts the ends of calls on processors. */
export interface Placer {
  /** What this machine can be held to; "any core" alone where it can't be held to anything. */
  readonly placements: readonly Placement[];
  /**
   * Puts this thread on one processor, and all other threads and the processes below this one where the placement
   * says; those that make calls themselves beside this thread.
   */
  place(placement: Placement, options?: { readonly near: readonly number[] }): void;
}

/** A placer for the processors that this process may use now. */
export function placer(): Placer {
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
  } catch {
    return { placements: ["any core"], place: () => undefined };
  }
  const [near, other] = allowedProcessors();
  const far = { "one core": near, "two cores": other, "any core": undefined };
  return {
    placements: other === undefined ? ["one core"] : ["one core", "two cores"],
    place(placement, { near: alike } = { near: [] }) {
      const processor = far[placement];
      if (near === undefined || processor === undefined) throw new Error(`There is no ${placement}.`);
      for (const pid of [process.pid, ...descendants(process.pid)]) taskset("-acp", processor, pid);
      for (const pid of alike) taskset("-acp", near, pid);
      taskset("-cp", near, process.pid);
    },
  };
}

function taskset(how: "-acp" | "-cp", processor: number, pid: number): void {
  execFileSync("taskset", [how, String(processor), String(pid)], { stdio: "ignore" });
}

function allowedProcessors(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function descendants(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    )
    .flatMap((child) => [child, ...descendants(child)]);
}
