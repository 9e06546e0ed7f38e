/** A registry that speaks as npm's does, as far as installing needs it. */
import { integrityOf, type FileServer } from "./file-server.js";

/** A version that is published. */
export interface PublishedVersion {
  readonly version: string;
  readonly archive: Buffer;
  /** What the registry tells of the archive; the truth unless given. */
  readonly integrity?: string | undefined;
  /** When it was published; not told unless given. */
  readonly publishedAt?: Date | undefined;
}

/** Publishes a package on a server; `latest` is the last of the versions unless tags say otherwise. */
export function publish(
  server: FileServer,
  name: string,
  versions: readonly PublishedVersion[],
  tags: Readonly<Record<string, string>> = {},
): void {
  const entries = versions.map(({ version, archive, integrity = integrityOf(archive) }) => {
    const path = `${name}/-/${version}.tgz`;
    server.answers.set(path, archive);
    return [version, { name, version, dist: { tarball: server.address + path, integrity } }] as const;
  });
  const latest = versions.at(-1)?.version;
  const times = versions.flatMap(({ version, publishedAt }) =>
    publishedAt === undefined ? [] : [[version, publishedAt.toISOString()] as const],
  );
  const document = {
    name,
    time: Object.fromEntries(times),
    "dist-tags": { latest, ...tags },
    versions: Object.fromEntries(entries),
  };
  server.answers.set(name, JSON.stringify(document));
}
