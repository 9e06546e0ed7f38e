/** The packages that the host gives to every extension, loaded when the first extension asks: a guest has to start fast. */
import { lazyRequire } from "../common/node-module.js";

/** Packages by name or subpath. @internal */
export interface ProvidedPackages {
  /** Whether there is a package of the name. */
  has(name: string): boolean;
  /** Its module namespace. */
  get(name: string): object | undefined;
}

/** Packages that are loaded on first use. @internal */
export class LazyPackages implements ProvidedPackages {
  readonly #files: ReadonlyMap<string, string>;
  readonly #require = lazyRequire(import.meta.url);

  /** @param more - files of packages beside extension-api, inversify and reflect-metadata, by name */
  constructor(more: Readonly<Record<string, string>>) {
    const own = ["@plugboard/extension-api", "inversify", "reflect-metadata"].map(
      (name) => [name, name] as const,
    );
    this.#files = new Map([...own, ...Object.entries(more)]);
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  get(name: string): object | undefined {
    const file = this.#files.get(name);
    return file === undefined ? undefined : (this.#require(file) as object);
  }
}
