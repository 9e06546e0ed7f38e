/**
 * Says in one line that a Node is too old, before anything of the library runs. Imported first by the
 * entrance, for its effect alone; nothing else may be.
 */
import { isSupportedNode, oldestNode } from "./node-version.js";

if (!isSupportedNode(process.versions.node)) {
  throw new Error(
    `@plugboard/core needs Node ${oldestNode} or newer; this is Node ${process.versions.node}.`,
  );
}
