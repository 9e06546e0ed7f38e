/** Node's own cryptography, loaded on first use: it takes a tenth of a start, and not every start needs it. */
import type NodeCrypto from "node:crypto";

/** The built-in `node:crypto`. @internal */
export function nodeCrypto(): typeof NodeCrypto {
  return process.getBuiltinModule("node:crypto");
}
