import { expect } from "vitest";
import { goHost } from "../support/go-host.js";
import { goTest } from "../support/go-test.js";
import { buildGo } from "../support/go-toolchain.js";

goTest("a Go host calls the sample, is called back, pings and stops it", async () => {
  const flags = ["-call-back", "polyglot", "-calls", "50", "-burst", "640"];
  const report = await goHost(flags, [await buildGo("polyglot")]);
  expect(report).toMatchObject({
    greeting: "Bonjour, World ! Enchanté.",
    ping: "ok",
    callBack: "Bonjour, Professor World ! Enchanté.",
    oneByOne: { calls: 50 },
    burst: { calls: 640, callers: 64 },
    end: { how: "stop", exited: true },
  });
});

goTest(
  "a Go host with AutoMTLS calls, pings and stops the sample; its call-back fails, as go-plugin 1.0.1 does",
  async () => {
    const report = await goHost(["-tls", "auto"], [await buildGo("polyglot")]);
    expect(report).toMatchObject({ ping: "ok", end: { exited: true } });
    const { error } = await goHost(["-tls", "auto", "-call-back", "polyglot"], [await buildGo("polyglot")]);
    expect(error).toContain("call-back");
  },
);

goTest("a call that is under way fails when the plugin is killed", async () => {
  const slow = "/polyglot.v1.Greeter/GreetSlowly";
  const { end } = await goHost(["-end", "kill", "-slow", slow], [await buildGo("polyglot")]);
  expect(end).toMatchObject({ how: "kill", exited: true });
  expect(end.failure).toContain("Unavailable");
});

goTest("a Go host calls a plugin over net/rpc", async () => {
  const flags = ["-protocol", "netrpc", "-cookie", "NETGREETER_PLUGIN=hello"];
  const report = await goHost(flags, [await buildGo("netgreeter")]);
  expect(report).toMatchObject({ greeting: "Hello, World! By net/rpc.", ping: "ok", end: { exited: true } });
});

goTest("go-plugin's own key-value example builds from Debian's source package", async () => {
  expect(await buildGo("kv-plugin")).toMatch(/kv-plugin$/);
});
