/**
 * Builds what is written in Go, with Debian's packages and no network: the guests' library, its samples, and the
 * programs that tests run. Everything it writes stays below one folder of the repository.
 * Invariant: whoever asks for a program gets one that is made of the sources as they are now, or is told why not.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { inRepository } from "./repository.ts";

const run = promisify(execFile);

/** Our own Go, as a GOPATH. */
export const goFolder = inRepository("extensions/runtime-go-plugin/go");

/** Where everything that is built goes. */
export const goOutput = inRepository(".plugboard/go");

/** Where Debian's packages put the sources of libraries. */
const debianFolder = "/usr/share/gocode";

/** The packages, for a message and for the script that installs them. */
const goPackages = [
  "golang-go",
  "gcc",
  "libc6-dev",
  "golang-github-hashicorp-go-plugin-dev",
  "golang-google-grpc-dev",
  "golang-goprotobuf-dev",
  "protobuf-compiler",
];

/** A program or shared object, by its import path. */
interface GoTarget {
  readonly package: string;
  readonly mode?: "plugin";
}

const targets = {
  gopher: { package: "plugboard.dev/samples/gopher" },
  polyglot: { package: "plugboard.dev/samples/polyglot" },
  "plugboard-so": { package: "plugboard.dev/plugboard/cmd/plugboard-so" },
  "english.so": { package: "plugboard.dev/samples/lab/plugins/english", mode: "plugin" },
  "spanish.so": { package: "plugboard.dev/samples/lab/plugins/spanish", mode: "plugin" },
  gohost: { package: "plugboard.dev/interop/gohost" },
  contracthost: { package: "plugboard.dev/interop/contracthost" },
  netgreeter: { package: "plugboard.dev/interop/netgreeter/netgreeter" },
  "conformance-guest": { package: "plugboard.dev/interop/conformance-guest" },
  "kv-plugin": { package: "github.com/hashicorp/go-plugin/examples/grpc/plugin-go-grpc" },
} as const satisfies Record<string, GoTarget>;

/** What can be built. */
export type GoProgram = keyof typeof targets;

/** All that can be built from what is in the repository alone. */
export const ownPrograms = (Object.keys(targets) as GoProgram[]).filter((name) => name !== "kv-plugin");

/** Says what keeps Go from being built here; undefined if nothing does. */
export async function missingGo(): Promise<string | undefined> {
  try {
    await run("go", ["version"]);
  } catch {
    return `there is no go here: apt-get install ${goPackages.join(" ")}`;
  }
  return existsSync(join(debianFolder, "src/github.com/hashicorp/go-plugin"))
    ? undefined
    : `there is no go-plugin below ${debianFolder}: apt-get install ${goPackages.join(" ")}`;
}

/** The environment in which `go` finds our sources and Debian's. */
export function goEnvironment(more: readonly string[] = []): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GO111MODULE: "off",
    GOFLAGS: "",
    GOPATH: [...more, goFolder, debianFolder].join(delimiter),
    GOCACHE: join(goOutput, "cache"),
    CGO_ENABLED: "1",
  };
}

/** Builds the program, or finds that it is up to date, and gives its path. */
export async function buildGo(name: GoProgram): Promise<string> {
  const target: GoTarget = targets[name];
  const more = name === "kv-plugin" ? [await goPluginSources()] : [];
  return buildPackage(target.package, {
    output: join(goOutput, "bin", name),
    shared: target.mode === "plugin",
    gopath: more,
  });
}

/** Builds any package, by its import path or the folder that it is in. */
export async function buildPackage(
  importPath: string,
  options: {
    readonly output: string;
    readonly shared?: boolean;
    readonly gopath?: readonly string[];
    readonly flags?: readonly string[];
    readonly folder?: string;
  },
): Promise<string> {
  const { output, shared = false, gopath = [], flags = [], folder } = options;
  const mode = shared ? ["-buildmode=plugin"] : [];
  await mkdir(join(output, ".."), { recursive: true });
  try {
    await run("go", ["build", ...mode, ...flags, "-o", output, importPath], {
      env: goEnvironment(gopath),
      ...(folder === undefined ? {} : { cwd: folder }),
    });
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    throw new Error(`go build ${importPath} failed:\n${stderr ?? String(error)}`, { cause: error });
  }
  return output;
}

/**
 * Fetches the sources of go-plugin as Debian publishes them, with the examples that its binary package leaves out,
 * and gives the GOPATH that they stand in. Needs no root and leaves the system's lists alone.
 */
export async function goPluginSources(): Promise<string> {
  const home = join(goOutput, "go-plugin");
  const target = join(home, "src/github.com/hashicorp/go-plugin");
  if (existsSync(target)) return home;
  const apt = join(goOutput, "apt");
  await mkdir(join(apt, "lists/partial"), { recursive: true });
  await mkdir(join(apt, "cache/archives/partial"), { recursive: true });
  const list = join(apt, "sources.sources");
  await writeFile(list, await sourceLists());
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    "Dir::Etc::sourceparts=-",
    `Dir::State::lists=${join(apt, "lists")}`,
    `Dir::Cache=${join(apt, "cache")}`,
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", [...options, "-qq", "update"]);
  const source = ["source", "--download-only", "--tar-only", "golang-github-hashicorp-go-plugin"];
  await run("apt-get", [...options, "-qq", ...source], { cwd: apt });
  const archive = (await readdir(apt)).find((name) =>
    /^golang-github-hashicorp-go-plugin_.*\.orig\./.test(name),
  );
  if (archive === undefined) throw new Error("apt-get brought no sources of go-plugin.");
  const unpacked = join(apt, "unpacked");
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked);
  await run("tar", [
    "--extract",
    "--strip-components=1",
    "--directory",
    unpacked,
    "--file",
    join(apt, archive),
  ]);
  await mkdir(join(target, ".."), { recursive: true });
  await rename(unpacked, target);
  await rm(apt, { recursive: true, force: true });
  return home;
}

/** The system's lists of packages, as lists of sources. */
async function sourceLists(): Promise<string> {
  const text = await readFile("/etc/apt/sources.list.d/debian.sources", "utf8");
  return text.replaceAll(/^Types:.*$/gm, "Types: deb-src");
}

/** A `.proto` and what is generated of it. */
interface Generated {
  /** Folder of the `.proto`, relative to the repository. */
  readonly from: string;
  readonly proto: string;
  /** Folder of the Go, relative to our GOPATH's `src`. */
  readonly to: string;
}

const generated: readonly Generated[] = [
  { from: "schemas", proto: "guest.proto", to: "plugboard.dev/plugboard/internal/guestpb" },
  {
    from: "extensions/runtime-go-plugin/go/src/plugboard.dev/plugboard/internal/stdiopb",
    proto: "stdio.proto",
    to: "plugboard.dev/plugboard/internal/stdiopb",
  },
  {
    from: "extensions/runtime-go-plugin/go/src/plugboard.dev/samples/polyglot",
    proto: "polyglot.proto",
    to: "plugboard.dev/samples/polyglot/polyglotpb",
  },
  {
    from: "extensions/runtime-go-plugin/go/src/plugboard.dev/plugboard/contract",
    proto: "contract.proto",
    to: "plugboard.dev/plugboard/contract",
  },
];

/** Writes the Go that is generated from each `.proto`; into the sources, or below another folder. */
export async function generateGo(into: string = join(goFolder, "src")): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { from, proto, to } of generated) {
    const folder = join(into, to);
    await mkdir(folder, { recursive: true });
    const plugin = `--go_out=plugins=grpc,paths=source_relative:${folder}`;
    await run("protoc", ["-I", inRepository(from), plugin, proto]);
    files.push(join(to, proto.replace(/\.proto$/, ".pb.go")));
  }
  return files;
}

/** Puts a built program where a manifest expects it: at once, also where another one runs. */
export async function placeProgram(program: string, destination: string): Promise<void> {
  const beside = `${destination}.new`;
  await cp(program, beside);
  await rename(beside, destination);
}
