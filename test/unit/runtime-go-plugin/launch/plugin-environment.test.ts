import { expect, test } from "vitest";
import { pluginEnvironment } from "../../../../extensions/runtime-go-plugin/src/launch/plugin-environment.js";

const parts = {
  settings: {
    cookie: { key: "MAGIC", value: "cookie" },
    versions: [4, 5],
    ports: { minimum: 100, maximum: 200 },
  },
  granted: ["LANG", "MISSING", "NODE_OPTIONS"],
  environment: {
    PATH: "/bin",
    LANG: "es",
    SECRET: "s",
    NODE_OPTIONS: "--inspect",
    PLUGIN_CLIENT_CERT: "another host's",
    PLUGIN_MULTIPLEX_GRPC: "true",
    MAGIC: "another cookie",
  },
  platform: "linux",
  socketFolder: "/tmp/s",
  certificate: undefined,
} as const;

const asked = {
  PLUGIN_PROTOCOL_VERSIONS: "4,5",
  PLUGIN_MIN_PORT: "100",
  PLUGIN_MAX_PORT: "200",
  PLUGIN_UNIX_SOCKET_DIR: "/tmp/s",
  MAGIC: "cookie",
};

test("a plugin sees what go-plugin asks for and what its extension was granted, and nothing else of the host's", () => {
  expect(pluginEnvironment(parts)).toEqual({ PATH: "/bin", LANG: "es", TMPDIR: "/tmp/s", ...asked });
});

test("a host that is itself a plugin keeps its own certificate and mode from its plugins, whatever is granted", () => {
  const environment = pluginEnvironment({ ...parts, granted: true, certificate: "PEM" });
  expect(environment).toMatchObject({ SECRET: "s", PLUGIN_CLIENT_CERT: "PEM", MAGIC: "cookie" });
  expect(Object.keys(environment)).not.toContain("PLUGIN_MULTIPLEX_GRPC");
  expect(Object.keys(environment)).not.toContain("NODE_OPTIONS");
});

test("on Windows a plugin gets what a process can't start without", () => {
  const environment = { SystemRoot: "C:\\Windows", PATH: "C:\\", TEMP: "C:\\Temp" };
  expect(pluginEnvironment({ ...parts, platform: "win32", environment, socketFolder: "C:\\s" })).toEqual({
    SystemRoot: "C:\\Windows",
    PATH: "C:\\",
    TEMP: "C:\\s",
    TMP: "C:\\s",
    ...asked,
    PLUGIN_UNIX_SOCKET_DIR: "C:\\s",
  });
});
