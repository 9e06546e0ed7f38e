import { expect, test } from "vitest";
import { describeConfinement } from "../../../../../core/src/runtime/process/confinement.js";

test("nothing is lacking where Node or a sandbox cuts the network", () => {
  expect(describeConfinement({ network: "permission", platform: "linux" }).gaps).toEqual([]);
  expect(describeConfinement({ network: "bubblewrap", platform: "linux" }).gaps).toEqual([]);
});

test("an empty network namespace leaves the sockets of other programs, and that is said", () => {
  const { localSockets, networkGaps } = describeConfinement({ network: "namespace", platform: "linux" });
  expect(localSockets).toBe("none");
  expect(networkGaps).toHaveLength(1);
  expect(networkGaps[0]).toContain("Unix sockets");
  expect(networkGaps[0]).toContain("bubblewrap");
});

test("what can't be cut is named with what helps", () => {
  const { gaps, networkGaps } = describeConfinement({ network: "none", platform: "win32" });
  expect(networkGaps).toEqual([expect.stringContaining("Node 26")]);
  expect(gaps).toEqual([expect.stringContaining("loops"), expect.stringContaining("Memory")]);
});
