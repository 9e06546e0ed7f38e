import { expect, test } from "vitest";
import {
  handshakeLine,
  hostWishes,
  isStartedByHost,
} from "../../../../extensions/runtime-go-plugin/src/serve/handshake.js";

const address = { network: "unix", address: "/tmp/x/plugin1" } as const;

test("only the cookie's own value tells of a host", () => {
  const cookie = { key: "KEY", value: "yes" };
  expect(isStartedByHost({ KEY: "yes" }, cookie)).toBe(true);
  expect(isStartedByHost({ KEY: "no" }, cookie)).toBe(false);
  expect(isStartedByHost({}, cookie)).toBe(false);
});

test.each([
  ["the highest that both know is chosen", "1,3,2,9", [1, 2, 3], 3],
  ["with none in common the lowest of ours is named", "7,8", [2, 3], 2],
  ["a host that names none gets the lowest", undefined, [2, 3], 2],
  ["what is no number is passed over", "x,,2", [1, 2], 2],
])("%s", (_title, hosts, ours, chosen) => {
  expect(hostWishes({ PLUGIN_PROTOCOL_VERSIONS: hosts }, ours).version).toBe(chosen);
});

test("ports are the host's, or go-plugin's own where it names none that can be", () => {
  expect(hostWishes({ PLUGIN_MIN_PORT: "5000", PLUGIN_MAX_PORT: "5001" }, [1])).toMatchObject({
    minPort: 5000,
    maxPort: 5001,
  });
  expect(hostWishes({ PLUGIN_MIN_PORT: "", PLUGIN_MAX_PORT: "70000" }, [1])).toMatchObject({
    minPort: 10_000,
    maxPort: 25_000,
  });
});

test("the line has six fields, the certificate in base64 without padding", () => {
  const wishes = hostWishes({ PLUGIN_PROTOCOL_VERSIONS: "1" }, [1]);
  expect(handshakeLine(wishes, address)).toBe("1|1|unix|/tmp/x/plugin1|grpc|\n");
  expect(handshakeLine(wishes, address, Buffer.from("a"))).toBe("1|1|unix|/tmp/x/plugin1|grpc|YQ\n");
});

test("a host that asks for one shared connection is told in a seventh field that there is none", () => {
  const wishes = hostWishes({ PLUGIN_MULTIPLEX_GRPC: "true" }, [1]);
  expect(handshakeLine(wishes, address)).toBe("1|1|unix|/tmp/x/plugin1|grpc||false\n");
});
