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
    path: "core/src/registry",
    imports: [...contract, ...core("common", "manifest", "discovery")],
    importsTypesOf: [],
    usesNode: true,
    reason: "the registry says who depends on whom; it starts nothing",
  },
  {
    path: "core/src/contribution",
    imports: [...contract, ...core("common", "manifest", "discovery", "registry")],
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
    path: "core/src/lifecycle",
    imports: [...contract, ...core("common", "manifest", "registry", "contribution", "runtime")],
    importsTypesOf: core("discovery"),
    usesNode: true,
    reason: "the life-cycle acts on descriptions and sessions; it reads no disk and knows no guest",
  },
  {
    path: "core/src/container",
    imports: [
      ...contract,
      ...core("common", "manifest", "discovery", "registry", "contribution", "protocol"),
      ...core("guest", "runtime", "lifecycle"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "the container only assembles what stands below it",
  },
  {
    path: "core/src/host",
    imports: [
      ...contract,
      ...core("common", "manifest", "archive", "trust", "discovery", "registry", "contribution", "protocol"),
      ...core("guest", "runtime", "lifecycle", "container"),
    ],
    importsTypesOf: [],
    usesNode: true,
    reason: "the host is the façade over everything below and is known only to the index",
  },
  {
    path: "core/src/index.ts",
    imports: [
      ...contract,
      ...core("common", "manifest", "archive", "trust", "discovery", "registry", "contribution", "protocol"),
      ...core("guest", "runtime", "lifecycle", "container", "host"),
    ],
    importsTypesOf: [],
    usesNode: false,
    reason: "the index names what is public and nothing that stands on top of it",
  },
  {
    path: "core/src/packaging.ts",
    imports: core("archive", "trust", "install", "host"),
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
    imports: [...contract, ...core("index.ts", "packaging.ts", "doctor.ts")],
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
    imports: [...contract, ...goPlugin("wire")],
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
