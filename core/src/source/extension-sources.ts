/**
 * Where extensions come from, all kinds alike: what words name, what lies beside it, what is newer than it was.
 * What it fetches lies in a folder of its own among the system's temporary ones, until it is disposed of.
 */
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import rcompare from "semver/functions/rcompare.js";
import { defaultArchiveLimits } from "../archive/archive-limits.js";
import { asideOf, removeLeftAside } from "../common/write-whole.js";
import { indexBeside, type IndexEntry } from "./address-index.js";
import { addressText } from "./address.js";
import { HttpClient, type DownloadProgress } from "./http-client.js";
import { requireIntegrity } from "./integrity.js";
import { neighboursIn } from "./neighbours.js";
import { readNpmConfig, type NpmConfig, type ReleaseLimit } from "./npm-config.js";
import { packageVersions } from "./npm-source.js";
import type { Offer, TooNew } from "./offer.js";
import { sourceError } from "./source-error.js";
import type { SourceRecord } from "./source-record.js";
import { isPackageName, sourceNamed } from "./source-words.js";

/** Options of asking sources. @internal */
export interface SourceOptions {
  /** Paths are relative to it, and npm's configuration is looked for from it upwards. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Takes versions of packages however new they are. */
  readonly allowNew?: boolean | undefined;
  /** Told of each piece that comes. */
  readonly onDownload?: ((what: string, progress: DownloadProgress) => void) | undefined;
}

/** Another extension that is looked for in the same source. @internal */
export interface Neighbouring {
  readonly id: string;
  /** Names of packages by id, as the extension says that needs them. */
  readonly packages: ReadonlyMap<string, string>;
}

type RecordOf<K extends SourceRecord["kind"]> = Extract<SourceRecord, { readonly kind: K }>;

/** Finds and fetches extensions. @internal */
export class ExtensionSources {
  readonly #options: SourceOptions;
  #config: NpmConfig | undefined;
  #client: HttpClient | undefined;
  #folder: Promise<string> | undefined;
  #fetched = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  /** What the words mean. */
  named(words: string, integrity?: string): Promise<SourceRecord> {
    const { cwd } = this.#options;
    return sourceNamed({ words, integrity, cwd, config: () => this.#npmConfig() });
  }

  /**
   * The version to prefer of those that the record allows and that are old enough.
   *
   * @throws ExtensionError `SOURCE_MISSING`, `SOURCE_TOO_NEW`
   */
  async offer(record: SourceRecord): Promise<Offer> {
    if (record.kind === "path") return offerOfPath(record.path);
    if (record.kind === "address") return this.#offerOfAddress(record);
    const offers = await this.#offersOfPackage(record, record.wanted);
    const [first] = offers;
    const found = offers.find(({ tooNew }) => tooNew === undefined);
    if (found !== undefined) return passingOver(found, first);
    if (first?.tooNew !== undefined) throw sourceError("SOURCE_TOO_NEW", first.tooNew.why);
    const message = `${record.name} has no version that fits ${JSON.stringify(record.wanted)}.`;
    throw sourceError("SOURCE_MISSING", message);
  }

  /** The versions of another extension in the same source, the newest first. */
  async beside(record: SourceRecord, { id, packages }: Neighbouring): Promise<readonly Offer[]> {
    if (record.kind === "path") return offersInFolder(dirname(record.path), id);
    if (record.kind === "address") {
      const entries = (await indexBeside(this.#http(), record.address)) ?? [];
      return newestFirst(
        entries.filter((entry) => entry.id === id).map((entry) => this.#offerOfEntry(entry)),
      );
    }
    const name = packages.get(id) ?? packageNameOf(id);
    if (name === undefined || !isPackageName(name)) return [];
    const registry = (await this.#npmConfig().registryOf(name)).href;
    return this.#offersOfPackage({ kind: "npm", name, wanted: "*", registry }, "*");
  }

  /** Where a newer version of an extension would be, and perhaps is. */
  async later(record: SourceRecord, id: string): Promise<readonly Offer[]> {
    if (record.kind === "path") return offersInFolder(dirname(record.path), id);
    if (record.kind === "npm") return this.#offersOfPackage(record, record.wanted);
    if (record.integrity !== undefined) return [];
    const entries = await indexBeside(this.#http(), record.address);
    if (entries === undefined) return [this.#offerOfAddress(record)];
    return newestFirst(entries.filter((entry) => entry.id === id).map((entry) => this.#offerOfEntry(entry)));
  }

  /** Removes what was fetched and closes the connections. */
  async dispose(): Promise<void> {
    this.#client?.dispose();
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #offersOfPackage(record: RecordOf<"npm">, wanted: string): Promise<readonly Offer[]> {
    const { name } = record;
    const isLimited = this.#options.allowNew !== true;
    const limit = isLimited ? this.#npmConfig().releaseLimit(name) : undefined;
    const versions = await packageVersions(this.#http(), {
      name,
      wanted,
      registry: new URL(record.registry),
      needsTimes: limit !== undefined,
    });
    return versions.map((found) => {
      const from = `${name}@${found.version}`;
      const fetch = () => this.#download(found.tarball, from, found.integrity);
      const tooNew = limit && tooNewFor(limit, from, found.publishedAt);
      return { version: found.version, record, from, tooNew, fetch: once(fetch) };
    });
  }

  #offerOfEntry({ version, address, integrity }: IndexEntry): Offer {
    const from = addressText(address);
    const record: SourceRecord = { kind: "address", address: address.href };
    return { version, record, from, fetch: once(() => this.#download(address, from, integrity)) };
  }

  #offerOfAddress(record: RecordOf<"address">): Offer {
    const address = new URL(record.address);
    const from = addressText(address);
    return { record, from, fetch: once(() => this.#download(address, from, record.integrity)) };
  }

  async #download(address: URL, what: string, integrity: string | undefined): Promise<string> {
    this.#folder ??= makeFolder();
    const file = join(await this.#folder, `${this.#fetched++}.tgz`);
    const { onDownload } = this.#options;
    const request = { address, limit: defaultArchiveLimits.bytes };
    const sha512 = await this.#http().file(request, file, (progress) => onDownload?.(what, progress));
    if (integrity !== undefined) requireIntegrity(integrity, sha512, what);
    return file;
  }

  #npmConfig(): NpmConfig {
    this.#config ??= readNpmConfig(this.#options);
    return this.#config;
  }

  #http(): HttpClient {
    this.#client ??= new HttpClient({ config: this.#npmConfig(), signal: this.#options.signal });
    return this.#client;
  }
}

/** Makes a folder for downloads, and removes those of runs that were killed. */
async function makeFolder(): Promise<string> {
  await removeLeftAside(tmpdir());
  const folder = asideOf(join(tmpdir(), "plugboard-fetched"));
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** `acme.base` is looked for as `@acme/base`. Without a publisher in front the name could be anyone's. */
function packageNameOf(id: string): string | undefined {
  const dot = id.indexOf(".");
  return dot === -1 ? undefined : `@${id.slice(0, dot)}/${id.slice(dot + 1)}`;
}

function offersInFolder(folder: string, id: string): readonly Offer[] {
  return newestFirst(
    neighboursIn(folder, id).map(({ version, path }) => ({ ...offerOfPath(path), version })),
  );
}

function offerOfPath(path: string): Offer {
  return { record: { kind: "path", path }, from: path, fetch: () => Promise.resolve(path) };
}

function newestFirst<T extends Offer>(offers: readonly T[]): readonly T[] {
  return offers.toSorted((one, other) => rcompare(one.version ?? "0.0.0", other.version ?? "0.0.0"));
}

/** An offer that is taken in the place of another that is too new. @internal */
export function passingOver(offer: Offer, preferred: Offer | undefined): Offer {
  const { version, tooNew } = preferred ?? {};
  return version === undefined || tooNew === undefined
    ? offer
    : { ...offer, passesOver: { version, tooNew } };
}

/** Of what nobody knows when it was published, nobody knows that it is old enough. */
function tooNewFor(
  { until, ageMs, setting }: ReleaseLimit,
  what: string,
  publishedAt: Date | undefined,
): TooNew | undefined {
  if (publishedAt === undefined)
    return { why: `The registry does not tell when ${what} was published, and npm has ${setting}.` };
  if (publishedAt <= until) return undefined;
  const why = `${what} was published on ${publishedAt.toISOString()}, and npm has ${setting}`;
  if (ageMs === undefined) return { why: `${why}.` };
  const free = new Date(publishedAt.getTime() + ageMs).toISOString();
  return { why: `${why}: it is held until ${free}.`, until: free };
}

function once<T>(action: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= action());
}
