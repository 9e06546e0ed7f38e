import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import {
  contractSteps,
  servingCommand,
  startContractHost,
  type StepReport,
} from "../support/contract-host.js";
import { goHost } from "../support/go-host.js";
import { goTest } from "../support/go-test.js";
import { inRepository } from "../support/repository.js";

const bundled = inRepository("extensions");
let extensions = "";
let temporary = "";

beforeAll(async () => {
  // Below a folder of its own, so that what is left behind can be seen.
  temporary = await mkdtemp(join(tmpdir(), "serve-"));
  extensions = join(temporary, "extensions");
  await writeExtension("orders", ordersManifest, ordersCode);
  await writeExtension("sampler", samplerManifest, samplerCode);
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

goTest("an unmodified Go host greets, pings, times and stops the bundled extensions", async () => {
  const flags = [
    "-cookie",
    "PLUGBOARD_PLUGIN=plugboard-contract",
    "-calls",
    "50",
    "-burst",
    "4000",
    "-callers",
    "4000",
  ];
  const greet = ["-greet", "/plugboard.contract.v1.Greeter/Greet"];
  const command = servingCommand(join(bundled, "english"));
  expect(await goHost([...flags, ...greet], command)).toMatchObject({
    greeting: "Hello, World! Nice to meet you.",
    ping: "ok",
    oneByOne: { calls: 50 },
    burst: { calls: 4000 },
    end: { exited: true },
  });
});

for (const how of ["plain", "AutoMTLS", "a port"]) {
  goTest(`a Go host uses greeters and transformers, and is called back, by ${how}`, async () => {
    const steps = await contractSteps(
      how === "AutoMTLS" ? ["-tls"] : [],
      [
        "greeters",
        "lang/order",
        "transform/same/abc",
        "name",
        "offer",
        "greet/order/5",
        "greet/order/0",
        "ping",
      ],
      servingCommand(extensions, "--service", "acme.orders=find:1", ...(how === "a port" ? ["--tcp"] : [])),
    );
    expect(outcomes(steps)).toEqual({
      greeters: [
        { id: "order", label: "Orders", extension_id: "acme.orders-greeter" },
        { id: "noisy", label: "Noise", extension_id: "acme.sampler" },
        { id: "slow", label: "Slow", extension_id: "acme.sampler" },
      ],
      "lang/order": "Orders",
      "transform/same/abc": "abc",
      name: "Same",
      offer: null,
      "greet/order/5": "Order 5 is for Ada",
      "greet/order/0": expect.stringContaining("there is no order 0"),
      ping: null,
      stop: 0,
    });
  });
}

goTest("what an extension prints goes to the stdio service, what it logs to the host's log", async () => {
  const steps = await contractSteps(
    [],
    ["stdio", "greet/noisy/World", "printed/beside", "logged/careful"],
    servingCommand(extensions),
  );
  const { "printed/beside": printed, "logged/careful": logged } = outcomes(steps);
  expect(printed).toEqual(["out:printed for World", "out:raw", "err:beside"]);
  expect(logged).toContainEqual(expect.stringMatching(/"@level":"warn".*"careful".*"name":"World"/));
});

goTest("what an extension prints for a host without the stdio service goes to its log", async () => {
  const steps = await contractSteps([], ["greet/noisy/World", "logged/beside"], servingCommand(extensions));
  expect(outcomes(steps)["logged/beside"]).toContainEqual(expect.stringContaining("printed for World"));
});

goTest("a deadline of the host ends the call, and the extension is told", async () => {
  const steps = await contractSteps(
    [],
    // The first call makes the extension active, so that the deadline is not over before the greeter runs.
    ["greeters", "greet/noisy/x", "greet-within/500/slow", "logged/aborted"],
    servingCommand(extensions),
  );
  expect(outcomes(steps)["greet-within/500/slow"]).toContain("DeadlineExceeded");
  expect(steps.find(({ step }) => step === "logged/aborted")?.error).toBeUndefined();
});

goTest("a text of 6 MB goes both ways", async () => {
  const steps = await contractSteps([], ["transform-bytes/6000000/same"], servingCommand(extensions));
  expect(outcomes(steps)).toMatchObject({ "transform-bytes/6000000/same": 6_000_000 });
});

goTest("Ctrl-C for the host leaves the plugin alone, and the host's standard input works", async () => {
  const host = await startContractHost(
    [],
    ["signal/2", "sleep/50", "greet/noisy/x", "hold", "ping"],
    servingCommand(extensions),
  );
  expect(await host.until("greet/noisy/x")).toMatchObject({ result: "greeted" });
  // By now the host waits for its standard input, which the plugin shares.
  host.process.stdin?.end();
  expect((await host.until("hold")).error).toBeUndefined();
  expect(await host.until("stop")).toMatchObject({ result: 0 });
});

for (const wrapped of [false, true]) {
  const title = wrapped ? "also with a script around it" : "at once";
  goTest(`the plugin ends when its host is killed, ${title}, and leaves no socket`, async () => {
    const sockets = await mkdtemp(join(temporary, "sockets-"));
    const plugin = servingCommand(extensions);
    const script = `TMPDIR=${sockets} ${plugin.map((word) => `'${word}'`).join(" ")} & echo $! > ${sockets}.pid; wait`;
    const command = wrapped ? ["/bin/sh", "-c", script] : ["/usr/bin/env", `TMPDIR=${sockets}`, ...plugin];
    const host = await startContractHost([], ["greet/noisy/x", "hold"], command);
    const started = await host.until("start");
    await host.until("greet/noisy/x");
    const processId = wrapped ? Number(readFileSync(`${sockets}.pid`, "utf8")) : Number(started.result);
    expect(isRunning(processId)).toBe(true);
    expect(await readdir(sockets)).toHaveLength(1);
    host.process.kill("SIGKILL");
    await expect.poll(() => isRunning(processId), { timeout: 10_000 }).toBe(false);
    expect(await readdir(sockets)).toEqual([]);
  });
}

for (const tls of ["none", "auto"]) {
  goTest(
    `Plugboard's own host runs Plugboard's plugin, which tells its contract, with tls ${tls}`,
    async () => {
      const folder = join(temporary, `mirror-${tls}`, "mirror");
      await mkdir(folder, { recursive: true });
      const words = servingCommand(join(bundled, "english")).map((word) => `'${word}'`);
      await writeFile(join(folder, "plugin"), `#!/bin/sh\nexec ${words.join(" ")}\n`, { mode: 0o755 });
      await writeFile(join(folder, "plugin.json5"), JSON.stringify(mirrorManifest(tls)));
      const plugboard = inRepository("core/bin/plugboard.js");
      const folders = ["--extensions", join(folder, ".."), "--extensions", bundled];
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [plugboard, "greet", "World", "--only", "mirrored", ...folders],
        { cwd: temporary },
      );
      expect(stdout).toBe("[Mirror] Hello, World! Nice to meet you.\n");
    },
  );
}

goTest("a host of other versions is told which one the plugin has", async () => {
  const [start] = await contractSteps(["-version", "3"], [], servingCommand(extensions));
  expect(start?.error).toContain("Incompatible API version with plugin. Plugin version: 1");
  const steps = await contractSteps(
    ["-version", "3"],
    ["ping"],
    servingCommand(extensions, "--versions", "1,3"),
  );
  expect(outcomes(steps)).toMatchObject({ ping: null });
});

goTest("a host with another cookie finds the plugin's words in its log", async () => {
  const [start] = await contractSteps(["-cookie", "OTHER=1"], [], servingCommand(extensions));
  expect(start?.error).toBeDefined();
  expect(String(start?.result)).toContain("This is a plugin: a Go program starts it");
});

/** The result of each step, or its error, without start. */
function outcomes(steps: readonly StepReport[]): Record<string, unknown> {
  return Object.fromEntries(
    steps.filter(({ step }) => step !== "start").map(({ step, result, error }) => [step, error ?? result]),
  );
}

function isRunning(processId: number): boolean {
  const file = `/proc/${processId}/status`;
  return existsSync(file) && !/^State:\s+Z/m.test(readFileSync(file, "utf8"));
}

async function writeExtension(name: string, manifest: object, code: string): Promise<void> {
  const folder = join(extensions, name);
  await mkdir(folder, { recursive: true });
  const common = {
    manifestVersion: 1,
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    main: "./extension.js",
  };
  await writeFile(join(folder, "plugin.json5"), JSON.stringify({ ...common, ...manifest }));
  await writeFile(join(folder, "extension.js"), code);
}

function mirrorManifest(tls: string): object {
  const greet = { rpc: "Greet", request: ["name"], response: "message" };
  const service = "plugboard.contract.v1.Greeter";
  return {
    manifestVersion: 1,
    id: "acme.mirror",
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    runtime: {
      kind: "go-plugin",
      command: "./plugin",
      cookie: { key: "PLUGBOARD_PLUGIN", value: "plugboard-contract" },
      tls,
      proto: "reflection",
      services: { greeters: { mirrored: { service, methods: { greet } } } },
    },
    contributes: { greeters: [{ id: "mirrored", lang: "Mirror" }] },
  };
}

const ordersManifest = {
  id: "acme.orders-greeter",
  services: ["acme.orders"],
  contributes: { greeters: [{ id: "order", lang: "Orders" }] },
};

const ordersCode = `
export function activate(context) {
  const orders = context.services.get(Symbol.for("acme.orders"));
  const greet = async (id) => {
    const order = await orders.find(Number(id));
    return \`Order \${order.id} is for \${order.for}\`;
  };
  context.contribute("greeters", "order", { greet });
}`;

const samplerManifest = {
  id: "acme.sampler",
  contributes: {
    greeters: [
      { id: "noisy", lang: "Noise" },
      { id: "slow", lang: "Slow" },
    ],
    transformers: [{ id: "same", name: "Same" }],
  },
};

const samplerCode = `
export function activate(context) {
  const { logger } = context;
  context.contribute("greeters", "noisy", {
    greet: (name) => {
      console.log("printed for", name);
      process.stdout.write("raw\\n");
      console.error("beside");
      logger.warn("careful", { name });
      return "greeted";
    },
  });
  context.contribute("greeters", "slow", {
    greet: (_name, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => {
          logger.info("aborted");
          reject(signal.reason);
        }),
      ),
  });
  context.contribute("transformers", "same", { transform: (text) => text });
}`;
