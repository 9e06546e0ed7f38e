/**
 * The one table of what may import what. The layers test reads it; a new folder in `core/src` needs a row.
 * Rows go from the bottom up. A layer may always import itself.
 */

/** A folder, or a single file, and what it may import. */
export interface Layer {
  /** Path from the top of the repository. */
  readonly path: string;
  /** Layers whose values and types it may import. */
  readonly imports: readonly string[];
  /** Layers of which it may import types only. */
  readonly importsTypesOf: readonly string[];
  /** `false` where no Node module may be imported. */
  readonly usesNode: boolean;
  /** Why the row is as it is; ends the message of every violation. */
  readonly reason: string;
}

const contract = ["schemas/src", "extension-api/src"];
const goPlugin = (...names: string[]): string[] =>
  names.map((name) => `extensions/runtime-go-plugin/src/${name}`);
const core = (...names: string[]): string[] => names.map((name) => `core/src/${name}`);
const lifecycle = (...rooms: string[]): string[] => rooms.map((room) => `core/src/lifecycle/${room}`);
const host = (...rooms: string[]): string[] => rooms.map((room) => `core/src/host/${room}`);

export const layers: readonly Layer[] = [
  {
    path: "schemas/src",
    imports: [],
    importsTypesOf: [],
    usesNode: false,
    reason: "the contract is language-neutral data that everything else builds on",
  },
  {
    path: "extension-api/src",
    imports: [],
    importsTypesOf: ["schemas/src"],
    usesNode: false,
    reason: "an author imports it in every runtime, so it brings neither the host nor Node with it",
  },
  {
    path: "core/src/common",
    imports: contract,
    importsTypesOf: [],
    usesNode: true,
    reason: "common knows no word of the domain",
  },
  {
    path: "core/src/manifest",
    imports: [...contract, ...core("common")],
    importsTypesOf: [],
    usesNode: true,
    reason: "a manifest is text that is read without knowing who asks",
  },
  {
    path: "core/src/archive",
    imports: [...contract, ...core("common", "manifest")],
    importsTypesOf: [],
    usesNode: true,
    reason: "an archive is files and their names; it knows no host and no one who signs",
  },
  {
    path: "core/src/trust",
    imports: [...contract, ...core("common", "manifest", "archive")],
    importsTypesOf: [],
    usesNode: true,
    reason: "trust is in files and keys; what follows from it is decided above",
  },
  {
    path: "core/src/source",
    imports: [...contract, ...core("common", "manifest", "archive")],
    importsTypesOf: [],
    usesNode: true,
    reason: "a source says what there is and hands it over; what becomes of it is decided elsewhere",
  },
  {
    path: "core/src/install",
    imports: [...contract, ...core("common", "manifest", "archive", "trust", "source")],
    importsTypesOf: [],
    usesNode: true,
    reason: "installing changes folders that hosts follow; it talks to no host",
  },
  {
    path: "core/src/discovery",
    imports: [...contract, ...core("common", "manifest")],
    importsTypesOf: [],
    usesNode: true,
    reason: "discovery says what lies on disk and leaves to others what becomes of it",
  },
  {
    path: "core/src/contribution",
    imports: [...contract, ...core("common", "manifest", "discovery")],
    importsTypesOf: [],
    usesNode: true,
    reason: "contributions are metadata until someone calls; they know no states and no runtimes",
  },
  {
    path: "core/src/protocol",
    imports: [...contract, ...core("common")],
    importsTypesOf: [],
    usesNode: true,
    reason: "frames mean the same on both sides and know neither",
  },
  {
    path: "core/src/guest",
    imports: [...contract, ...core("common", "protocol")],
    importsTypesOf: core("manifest"),
    usesNode: true,
    reason: "the guest also runs far away from the host, beside the extension's code",
  },
  {
    path: "core/src/runtime",
    imports: [...contract, ...core("common", "protocol", "guest")],
    importsTypesOf: core("manifest"),
    usesNode: true,
    reason: "a runtime runs code it is handed; which and when is decided above it",
  },
  {
    path: "core/src/lifecycle/extension",
    imports: [...contract, ...core("common", "manifest", "contribution")],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason:
      "an extension is what is known of it: its state, its generations, who depends on whom; nobody acts yet",
  },
  {
    path: "core/src/lifecycle/base",
    imports: [
      ...contract,
      ...core("common", "manifest", "contribution", "runtime"),
      ...lifecycle("extension"),
    ],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason:
      "what every room above is given: the options, the run, who listens, how one generation is started",
  },
  {
    path: "core/src/lifecycle/listing",
    imports: [...contract, ...core("common", "manifest", "contribution"), ...lifecycle("extension", "base")],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "listing says what there is and what it waits for; it runs no code",
  },
  {
    path: "core/src/lifecycle/faults",
    imports: [...contract, ...core("common"), ...lifecycle("extension", "base", "listing")],
    importsTypesOf: [],
    usesNode: true,
    reason: "a fault is seen and counted here; who starts the extension again is told and not imported",
  },
  {
    path: "core/src/lifecycle/activation",
    imports: [
      ...contract,
      ...core("common", "manifest", "contribution"),
      ...lifecycle("extension", "base", "listing", "faults"),
    ],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "activation starts what is listed; it knows nothing of a second generation beside the first",
  },
  {
    path: "core/src/lifecycle/update",
    imports: [
      ...contract,
      ...core("common", "manifest"),
      ...lifecycle("extension", "base", "listing", "faults", "activation"),
    ],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "an update puts one generation in the place of another; what asks for it stands above",
  },
  {
    path: "core/src/lifecycle",
    imports: [
      ...contract,
      ...core("common"),
      ...lifecycle("extension", "base", "listing", "faults", "activation", "update"),
    ],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "the life-cycle acts on descriptions and sessions; it reads no disk and knows no guest",
  },
  {
    path: "core/src/container",
    imports: [...contract, ...core("common", "contribution")],
    importsTypesOf: [],
    usesNode: true,
    reason: "the application's container is given what is contributed; it starts nothing",
  },
  {
    path: "core/src/host/face",
    imports: [...contract, ...core("common"), ...lifecycle("extension")],
    importsTypesOf: core("trust", "discovery", "runtime"),
    usesNode: true,
    reason: "what applications see is read without what stands behind it",
  },
  {
    path: "core/src/host/state",
    imports: [...contract, ...core("common", "manifest"), ...host("face")],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "what outlives a host is files; they know no extension that runs",
  },
  {
    path: "core/src/host/runtimes",
    imports: [
      ...contract,
      ...core("common", "manifest", "discovery", "contribution", "runtime", "container"),
      ...lifecycle("extension", "base"),
      ...host("face", "state"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "which runtime an extension gets and what it may do there is decided before anything starts",
  },
  {
    path: "core/src/host/trust",
    imports: [
      ...contract,
      ...core("common", "manifest", "archive", "trust"),
      ...lifecycle("extension", "base"),
      ...host("face", "state"),
    ],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "whether an extension may run is decided from its content, whatever runtime it asks for",
  },
  {
    path: "core/src/host/report",
    imports: [
      ...contract,
      ...core("common", "manifest", "trust", "discovery", "contribution"),
      ...lifecycle("extension", "faults"),
      ...core("lifecycle"),
      ...host("face", "state", "runtimes", "trust"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "a report only reads; nothing it is told of waits for it",
  },
  {
    path: "core/src/host/offline",
    imports: [
      ...contract,
      ...core("common", "manifest", "trust", "discovery"),
      ...lifecycle("extension"),
      ...host("face", "state", "trust"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "what commands do to the folders of a host that need not run, so that they load none",
  },
  {
    path: "core/src/host",
    imports: [
      ...contract,
      ...core("common", "manifest", "discovery", "contribution", "protocol", "guest", "runtime"),
      ...lifecycle("extension", "base"),
      ...core("lifecycle"),
      ...core("container"),
      ...host("face", "state", "runtimes", "trust", "report"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "the host is the façade over everything below and is known only to the index",
  },
  {
    path: "core/src/index.ts",
    imports: [
      ...contract,
      ...core("common", "archive", "trust", "discovery", "runtime"),
      ...lifecycle("extension"),
      ...host("face", "state", "offline"),
      ...core("host"),
    ],
    importsTypesOf: [],
    usesNode: false,
    reason: "the index names what is public and nothing that stands on top of it",
  },
  {
    path: "core/src/control",
    imports: [...contract, ...core("common")],
    importsTypesOf: [...lifecycle("extension"), ...host("face")],
    usesNode: true,
    reason: "control sees and steers a host through its face, as any application could",
  },
  {
    path: "core/src/control.ts",
    imports: core("control"),
    importsTypesOf: [],
    usesNode: false,
    reason: "an index of its own, so that a host which nobody steers loads nothing of it",
  },
  {
    path: "core/src/packaging.ts",
    imports: [...core("archive", "trust", "install"), ...host("face", "offline")],
    importsTypesOf: [],
    usesNode: false,
    reason: "a second index, so that an application which only runs extensions loads nothing of it",
  },
  {
    path: "core/src/doctor",
    imports: [
      ...contract,
      ...core("common", "manifest", "archive", "trust", "install", "discovery", "guest", "runtime"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "the doctor asks each part what it needs of the machine, where a host might not even start",
  },
  {
    path: "core/src/doctor.ts",
    imports: core("doctor"),
    importsTypesOf: [],
    usesNode: false,
    reason: "a third index, so that nobody loads it to run extensions",
  },
  {
    path: "core/src/testing",
    imports: [...contract, ...core("index.ts")],
    importsTypesOf: [],
    usesNode: true,
    reason: "the test kit does what any user could do: it uses the public index",
  },
  {
    path: "core/src/cli",
    imports: [...contract, ...core("index.ts", "packaging.ts", "doctor.ts", "control.ts")],
    importsTypesOf: [],
    usesNode: true,
    reason: "the command line is an application like any other: it uses the public index",
  },
  {
    path: "extensions/runtime-go-plugin/src/wire",
    imports: contract,
    importsTypesOf: [],
    usesNode: true,
    reason: "what go-plugin says on its wire means the same to a host and to a plugin",
  },
  {
    path: "extensions/runtime-go-plugin/src/process",
    imports: contract,
    importsTypesOf: [],
    usesNode: true,
    reason: "how long one waits for a child has nothing to do with plugins",
  },
  {
    path: "extensions/runtime-go-plugin/src/settings",
    imports: [...contract, ...goPlugin("wire")],
    importsTypesOf: [],
    usesNode: true,
    reason: "what a manifest asks for is read without a plugin",
  },
  {
    path: "extensions/runtime-go-plugin/src/frames",
    imports: [...contract, ...goPlugin("wire", "process")],
    importsTypesOf: [],
    usesNode: true,
    reason: "frames need a stream, wherever it comes from",
  },
  {
    path: "extensions/runtime-go-plugin/src/launch",
    imports: [...contract, ...goPlugin("wire", "process", "settings")],
    importsTypesOf: [],
    usesNode: true,
    reason: "a program is started without knowing what will be said to it",
  },
  {
    path: "extensions/runtime-go-plugin/src/plugin",
    imports: [...contract, ...goPlugin("wire", "process", "launch")],
    importsTypesOf: [],
    usesNode: true,
    reason: "what every plugin serves has nothing to do with contributions",
  },
  {
    path: "extensions/runtime-go-plugin/src/contract",
    imports: [...contract, ...goPlugin("wire", "process", "settings")],
    importsTypesOf: [],
    usesNode: true,
    reason: "a mapped contract needs a connection, and nothing of how it came to be",
  },
  {
    path: "extensions/runtime-go-plugin/src/serve",
    imports: [...contract, ...goPlugin("wire", "process")],
    importsTypesOf: [],
    usesNode: true,
    reason: "Plugboard as a plugin starts none, and has to be there at once",
  },
  {
    path: "extensions/runtime-go-plugin/src",
    imports: [
      ...contract,
      ...goPlugin("wire", "process", "settings", "frames", "launch", "plugin", "contract"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "the runtime puts its parts together",
  },
];

/** A package that only some layers may import. */
export interface RestrictedPackage {
  /** The package's name. */
  readonly name: string;
  /** Layers of `core` that may import it. */
  readonly layers: readonly string[];
  /** Layers of `core` that may import its types. */
  readonly typeLayers: readonly string[];
  /** Why no other may. */
  readonly reason: string;
}

export const restrictedPackages: readonly RestrictedPackage[] = [
  {
    name: "chokidar",
    layers: core("discovery"),
    typeLayers: [],
    reason: "one watcher, in one place, marks folders dirty",
  },
  {
    name: "json5",
    layers: core("manifest", "host", "cli"),
    typeLayers: [],
    reason: "manifests and the host's own configuration file are the only JSON5",
  },
  ...["inversify", "reflect-metadata"].map((name) => ({
    name,
    layers: core("container", "guest", "testing"),
    // The app hands its container to the host.
    typeLayers: core("host"),
    reason: "everything else takes its collaborators as parameters and can be built by hand",
  })),
  ...["tar", "ignore"].map((name) => ({
    name,
    layers: core("archive"),
    typeLayers: [],
    reason: "only who packs or unpacks pays for it",
  })),
  {
    name: "ini",
    layers: core("source"),
    typeLayers: [],
    reason: "npm's own configuration is the only INI file",
  },
  {
    name: "commander",
    layers: core("cli"),
    typeLayers: [],
    reason: "a library reads no command line",
  },
  {
    name: "@clack/prompts",
    layers: core("cli"),
    typeLayers: [],
    reason: "only a program has a person to ask",
  },
];

/** Packages that the host provides to every extension, so that a dropped folder need not bring them. */
export const providedPackages: readonly string[] = ["inversify", "reflect-metadata"];
