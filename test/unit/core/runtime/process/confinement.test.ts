import { expect, test } from "vitest";
import { describeConfinement } from "../../../../../core/src/runtime/process/confinement.js";

test("nothing is lacking where Node or a sandbox cuts the network", () => {
  expect(describeConfinement({ network: "permission", platform: "linux" }).gaps).toEqual([]);
  expect(describeConfinement({ network: "bubblewrap", platform: "linux" }).gaps).toEqual([]);
});

test("an empty network namespace leaves the sockets of other programs, and that is said", () => {
  const { localSockets, gaps } = describeConfinement({ network: "namespace", platform: "linux" });
  expect(localSockets).toBe("none");
  expect(gaps).toHaveLength(1);
  expect(gaps[0]).toContain("Unix sockets");
  expect(gaps[0]).toContain("bubblewrap");
});

test("what can't be cut is named with what helps", () => {
  const { gaps } = describeConfinement({ network: "none", platform: "win32" });
  expect(gaps).toEqual([
    expect.stringContaining("Node 26"),
    expect.stringContaining("loops"),
    expect.stringContaining("Memory"),
  ]);
});
