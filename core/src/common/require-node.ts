/**
 * Says in one line that a Node is too old, before anything of the library runs. Imported first by the
 * entrance, for its effect alone; nothing else may be.
 */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  throw new Error(`@plugboard/core needs Node 22.22 or newer; this is Node ${process.versions.node}.`);
}
