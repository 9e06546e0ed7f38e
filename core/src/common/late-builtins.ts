/** Modules of Node's own that are loaded on first use: each takes a tenth of a start, and not every start needs it. */
import type NodeChildProcess from "node:child_process";
import type NodeCrypto from "node:crypto";

/** The built-in `node:crypto`. @internal */
export function nodeCrypto(): typeof NodeCrypto {
  return process.getBuiltinModule("node:crypto");
}

/** The built-in `node:child_process`. @internal */
export function nodeChildProcess(): typeof NodeChildProcess {
  return process.getBuiltinModule("node:child_process");
}
