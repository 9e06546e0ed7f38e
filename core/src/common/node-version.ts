/** Which Node the library needs. Imports nothing, so that any Node can read it. */

/** The oldest that will do. @internal */
export const oldestNode = "22.22";

/** Whether a Node of this version will do. @internal */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
