/**
 * Finds descriptors that a child would inherit by accident: Node closes its own in every child, but neither those
 * that it got from whoever started it nor those that native code opened. Linux only.
 */
import { readdirSync, readFileSync } from "node:fs";

const closedOnExec = 0o2000000;
/** Where nobody puts one by accident. */
const highest = 65_536;

/** Descriptors from the one given on, in order. @internal */
export function inheritedDescriptors(from: number): readonly number[] {
  let names;
  try {
    names = readdirSync("/proc/self/fdinfo");
  } catch {
    return [];
  }
  return names
    .map(Number)
    .filter((descriptor) => descriptor >= from && descriptor < highest && isInherited(descriptor))
    .sort((a, b) => a - b);
}

function isInherited(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0;
  } catch {
    // the one with which the folder was read
    return false;
  }
}
