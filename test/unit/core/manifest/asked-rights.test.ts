import { expect, test } from "vitest";
import { askedRights } from "../../../../core/src/manifest/asked-rights.js";

const main = "./extension.js";

test("everything that a manifest asks for is a line, each once and in order", () => {
  expect(
    askedRights({
      main,
      runtime: "process",
      capabilities: {
        fs: { read: ["./data", "./data"], write: ["./cache"] },
        net: ["api.example.com:443"],
        env: true,
        childProcess: true,
        addons: false,
      },
      services: ["plugboard.orders"],
      extensionDependencies: { "acme.base": "^1.0.0" },
      optionalExtensionDependencies: ["acme.extra"],
      activationEvents: ["*", "onOrder:paid"],
    }),
  ).toEqual([
    "childProcess",
    "dependency acme.base",
    "dependency acme.extra",
    "env all",
    "event onOrder:paid",
    "event onStartup",
    "net api.example.com:443",
    "read ./data",
    "service plugboard.orders",
    "write ./cache",
  ]);
});

test.each([
  ["in-process unless said otherwise", { main }, ["full rights"]],
  ["in a worker", { main, runtime: "worker" }, ["full rights"]],
  ["as a program of another runtime", { runtime: { kind: "go-plugin" } }, ["full rights"]],
  ["in a process", { main, runtime: { kind: "process" } }, []],
  ["nowhere, as there is no code", {}, []],
] as const)(
  "full rights are asked for by what runs anywhere but in a process: %s",
  (_case, manifest, rights) => {
    expect(askedRights(manifest)).toEqual(rights);
  },
);
