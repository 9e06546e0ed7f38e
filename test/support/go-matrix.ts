/**
 * Holds both hosts against both kinds of plugin, with real programs, and prints what works: `npm run go:matrix`. What
 * can't work says why.
 */
import { mkdir, mkdtemp, rm, writeFile, copyFile, chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createExtensionHost,
  greeters,
  isExtensionError,
  offer,
  serviceToken,
  type ExtensionHost,
  type Logger,
} from "@plugboard/core";
import { contractSteps, servingCommand } from "./contract-host.ts";
import { goHost } from "./go-host.ts";
import { buildGo, goFolder, missingGo } from "./go-toolchain.ts";
import { inRepository } from "./repository.ts";

type Tls = "none" | "auto";

interface Titles {
  find(name: string): string;
}
const Titles = serviceToken<Titles>("matrix.titles");

/** What Debian's go-plugin, of which the Go side is made, can't do. */
const debians = {
  stdio: "no: go-plugin 1.0.1 has no such service",
  "call-back": "no: go-plugin 1.0.1 checks a name that it does not send",
};
type Cells = Readonly<Record<"call" | "call-back" | "health" | "stdio" | "stop" | "kill -9", string>>;

const missing = await missingGo();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), "plugboard-matrix-"));
const extensions = join(folder, "extensions");
const broken: string[] = [];
try {
  await writeServed();
  const rows: [string, Tls, Cells][] = [];
  for (const tls of ["none", "auto"] as const) {
    rows.push(["Go host, Go plugin", tls, await goWithGo(tls)]);
    rows.push(["Go host, Plugboard's plugin", tls, await goWithOurs(tls)]);
    rows.push(["Plugboard, Go plugin", tls, await oursWith("polyglot", tls)]);
    rows.push(["Plugboard, Plugboard's plugin", tls, await oursWith("served", tls)]);
  }
  console.table(
    Object.fromEntries(
      rows.map(([pair, tls, cells]) => [`${pair}${tls === "auto" ? ", AutoMTLS" : ""}`, cells]),
    ),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = broken.length === 0 ? 0 : 1;

function outcome(holds: boolean, otherwise = "no"): string {
  if (!holds) broken.push(otherwise);
  return holds ? "yes" : otherwise;
}

async function goWithGo(tls: Tls): Promise<Cells> {
  const plugin = [await buildGo("polyglot")];
  const flags = ["-tls", tls];
  const { greeting, ping, end } = await goHost(flags, plugin);
  const killed = await goHost(
    [...flags, "-end", "kill", "-slow", "/polyglot.v1.Greeter/GreetSlowly"],
    plugin,
  );
  const back = tls === "auto" ? undefined : await goHost(["-call-back", "polyglot"], plugin);
  return {
    call: outcome(greeting.startsWith("Bonjour")),
    "call-back": back === undefined ? debians["call-back"] : outcome(back.callBack !== undefined),
    health: outcome(ping === "ok"),
    stdio: debians.stdio,
    stop: outcome(end.exited),
    "kill -9": outcome(killed.end.exited && killed.end.failure !== undefined),
  };
}

async function goWithOurs(tls: Tls): Promise<Cells> {
  const plugin = servingCommand(extensions, "--service", "acme.orders=find:1");
  const flags = ["-tls", tls, "-cookie", "PLUGBOARD_PLUGIN=plugboard-contract"];
  const greet = ["-greet", "/plugboard.contract.v1.Greeter/Greet"];
  const killed = await goHost([...flags, ...greet, "-end", "kill"], plugin);
  const steps = await contractSteps(
    tls === "auto" ? ["-tls"] : [],
    ["stdio", "greet/noisy/World", "printed/printed", "offer", "greet/order/5", "ping"],
    plugin,
  );
  const fine = (step: string) =>
    outcome(steps.some((one) => one.step === step && one.error === undefined && one.result !== ""));
  return {
    call: fine("greet/noisy/World"),
    "call-back": fine("greet/order/5"),
    health: fine("ping"),
    stdio: fine("printed/printed"),
    stop: fine("stop"),
    "kill -9": outcome(killed.end.exited && killed.end.failure !== undefined),
  };
}

/** The extensions that are served: one that prints, and one that calls the host. */
async function writeServed(): Promise<void> {
  const manifest = {
    manifestVersion: 1,
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    main: "./extension.js",
  };
  const written = {
    noisy: {
      manifest: { contributes: { greeters: [{ id: "noisy", lang: "Noise" }] } },
      code: `console.log("printed"); return "Hello, " + name;`,
    },
    order: {
      manifest: { contributes: { greeters: [{ id: "order", lang: "Orders" }] }, services: ["acme.orders"] },
      code: `return context.services.get(Symbol.for("acme.orders")).find(Number(name)).then(({ id }) => "Order " + id);`,
    },
  };
  for (const [id, { manifest: more, code }] of Object.entries(written)) {
    await mkdir(join(extensions, id), { recursive: true });
    const text = JSON.stringify({ ...manifest, id: `matrix.${id}`, ...more });
    await writeFile(join(extensions, id, "plugin.json5"), text);
    await writeFile(
      join(extensions, id, "extension.js"),
      `export function activate(context) {
        context.contribute("greeters", "${id}", { greet: (name) => { ${code} } });
      }`,
    );
  }
}

async function oursWith(plugin: "polyglot" | "served", tls: Tls): Promise<Cells> {
  const home = join(folder, `${plugin}-${tls}`);
  const extension = join(home, plugin);
  await mkdir(extension, { recursive: true });
  const isGo = plugin === "polyglot";
  const runtime = isGo ? await polyglot(extension, tls) : await served(extension);
  const calledBack = isGo && tls === "none";
  const manifest = {
    manifestVersion: 1,
    id: "matrix.plugin",
    version: "1.0.0",
    engines: { plugboard: "^1.0.0" },
    runtime: { kind: "go-plugin", tls, ...runtime },
    contributes: {
      greeters: [{ id: "it", lang: "It" }, ...(calledBack ? [{ id: "formal", lang: "Formal" }] : [])],
    },
    services: calledBack ? ["matrix.titles"] : [],
  };
  await writeFile(join(extension, "plugin.json5"), JSON.stringify(manifest));
  const logged: string[] = [];
  const keep = (message: string) => void logged.push(message);
  const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep };
  const host = createExtensionHost({
    extensionFolders: [home],
    developmentFolders: [inRepository("extensions/runtime-go-plugin")],
    points: [greeters],
    services: [offer(Titles, { find: () => "Professor" }, { methods: { find: 1 } })],
    logger,
  });
  await host.start();
  try {
    const formal = await host.contributions(greeters).get("formal")?.greet("World").catch(String);
    const unable = isGo ? debians["call-back"] : "no: an offer lasts as long as one call";
    return {
      ...(await tried(host)),
      "call-back": formal === undefined ? unable : outcome(formal.includes("Professor"), formal),
      stdio: isGo ? debians.stdio : outcome(logged.some((message) => message.includes("printed"))),
    };
  } finally {
    await host.stop();
  }
}

async function tried(host: ExtensionHost): Promise<Omit<Cells, "call-back" | "stdio">> {
  const it = host.contributions(greeters).get("it");
  if (it === undefined) throw new Error("The plugin is not listed.");
  const plugin = () => host.extensions.get("matrix.plugin");
  const greeting = await it.greet("World").catch(String);
  const health = plugin()?.state === "active" && plugin()?.unresponsive === undefined;
  const { processId } = plugin() ?? {};
  const underWay = it.greet("x".repeat(1024 * 1024)).catch((error: unknown) => error);
  if (processId !== undefined) process.kill(processId, "SIGKILL");
  const failure = await underWay;
  const again = await it.greet("World").catch(String);
  await host.deactivate("matrix.plugin");
  const told = typeof failure === "string" || isExtensionError(failure);
  return {
    call: outcome(greeting.includes("World"), greeting),
    health: outcome(health),
    stop: outcome(plugin()?.state === "ready"),
    "kill -9": outcome(processId !== undefined && told && again.includes("World"), again),
  };
}

async function polyglot(extension: string, tls: Tls): Promise<object> {
  await copyFile(await buildGo("polyglot"), join(extension, "program"));
  const sample = join(goFolder, "src/plugboard.dev/samples/polyglot/polyglot.proto");
  await copyFile(sample, join(extension, "contract.proto"));
  const service = "polyglot.v1.Greeter";
  const formally = {
    rpc: "GreetFormally",
    request: ["name"],
    response: "message",
    hostServices: { titles: "titles" },
  };
  const find = { service: "matrix.titles", method: "find", request: ["name"], response: "title" };
  const own = {
    command: "./program",
    cookie: { key: "POLYGLOT_PLUGIN", value: "parlez-vous" },
    proto: "./contract.proto",
  };
  if (tls === "auto") return { ...own, services: { greeters: { it: greeting(service) } } };
  return {
    ...own,
    services: { greeters: { it: greeting(service), formal: { service, methods: { greet: formally } } } },
    hostServices: { titles: { service: "polyglot.v1.Titles", methods: { Find: find } } },
  };
}

async function served(extension: string): Promise<object> {
  const words = servingCommand(extensions).map((word) => `'${word}'`);
  await writeFile(join(extension, "program"), `#!/bin/sh\nexec ${words.join(" ")}\n`);
  await chmod(join(extension, "program"), 0o755);
  const contract = join(goFolder, "src/plugboard.dev/plugboard/contract/contract.proto");
  await copyFile(contract, join(extension, "contract.proto"));
  return {
    command: "./program",
    cookie: { key: "PLUGBOARD_PLUGIN", value: "plugboard-contract" },
    proto: "./contract.proto",
    services: { greeters: { it: greeting("plugboard.contract.v1.Greeter") } },
  };
}

function greeting(service: string): object {
  return { service, methods: { greet: { rpc: "Greet", request: ["name"], response: "message" } } };
}
