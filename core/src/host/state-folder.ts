/**
 * Keeps what is to survive the host: a JSON file per extension and kind, written aside, flushed and renamed,
 * so that a file is always whole. Without a folder everything is kept in memory.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { ExtensionError, type KeyValueStore, type SecretStore } from "@plugboard/extension-api";
import { jsonCopy } from "../common/json-copy.js";
import { KeyedQueue } from "../common/keyed-queue.js";
import { readRegularFile } from "../common/read-regular-file.js";

type Values = Record<string, unknown>;

const extensionsName = "extensions.json";

/** Stores by extension. @internal */
export class StateFolder {
  readonly #folder: string | undefined;
  readonly #loaded = new Map<string, Promise<Values>>();
  readonly #queue = new KeyedQueue();

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** The data of an extension. */
  storage(extensionId: string): KeyValueStore {
    const name = `storage/${extensionId}.json`;
    return {
      get: async (key) => structuredClone(own(await this.#values(name), key)) as never,
      set: async (key, value) => {
        // What it holds now is kept, whatever becomes of it until its turn.
        const copy = jsonCopy(value, extensionId);
        await this.#change(name, { ownerOnly: false }, (values) => ({ ...values, [key]: copy }));
      },
      delete: (key) => this.#change(name, { ownerOnly: false }, (values) => without(values, key)),
      keys: async () => Object.keys(await this.#values(name)),
    };
  }

  /** The secrets of an extension; the file is readable by its owner only. */
  secrets(extensionId: string): SecretStore {
    const name = `secrets/${extensionId}.json`;
    return {
      get: async (key) => own(await this.#values(name), key) as string | undefined,
      set: async (key, value) => {
        const secret = secretText(value, extensionId);
        await this.#change(name, { ownerOnly: true }, (values) => ({ ...values, [key]: secret }));
      },
      delete: (key) => this.#change(name, { ownerOnly: true }, (values) => without(values, key)),
    };
  }

  /** Ids that people disabled, as the file says now: others write it too. */
  async disabled(): Promise<readonly string[]> {
    this.#forgetUnlessMemory(extensionsName);
    const { disabled } = await this.#values(extensionsName);
    return idsIn(disabled);
  }

  /** The file that names the disabled ids; undefined if everything is kept in memory. */
  get extensionsFile(): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, extensionsName);
  }

  /** Remembers whether an id is disabled. */
  setDisabled(id: string, { isDisabled }: { readonly isDisabled: boolean }): Promise<void> {
    return this.#change(extensionsName, { ownerOnly: false, isShared: true }, (values) => {
      const others = idsIn(values.disabled).filter((other) => other !== id);
      return { ...values, disabled: isDisabled ? [...others, id] : others };
    });
  }

  /** Where the index of manifests is kept. */
  get indexFile(): string | undefined {
    return this.#folder === undefined ? undefined : join(this.#folder, "index.json");
  }

  #values(name: string): Promise<Values> {
    let values = this.#loaded.get(name);
    if (values === undefined) {
      values = this.#read(name);
      // What can't be read now may be mended later.
      values.catch(() => this.#loaded.delete(name));
      this.#loaded.set(name, values);
    }
    return values;
  }

  #forgetUnlessMemory(name: string): void {
    if (this.#folder !== undefined) this.#loaded.delete(name);
  }

  async #read(name: string): Promise<Values> {
    if (this.#folder === undefined) return {};
    const file = join(this.#folder, name);
    let text: string;
    try {
      text = readRegularFile(file, Infinity);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw new ExtensionError("STATE_UNREADABLE", `${file} can't be read.`, { details: { file }, cause });
    }
    try {
      const values: unknown = JSON.parse(text);
      if (typeof values === "object" && values !== null && !Array.isArray(values)) return values as Values;
    } catch (cause) {
      throw new ExtensionError("STATE_UNREADABLE", `${file} is not JSON.`, { details: { file }, cause });
    }
    throw new ExtensionError("STATE_UNREADABLE", `${file} does not hold an object.`, { details: { file } });
  }

  #change(
    name: string,
    options: { readonly ownerOnly: boolean; readonly isShared?: boolean },
    change: (values: Values) => Values,
  ): Promise<void> {
    return this.#queue.run([name], async () => {
      if (options.isShared === true) this.#forgetUnlessMemory(name);
      const values = change(await this.#values(name));
      await this.#write(name, values, options);
      this.#loaded.set(name, Promise.resolve(values));
    });
  }

  async #write(name: string, values: Values, { ownerOnly }: { readonly ownerOnly: boolean }): Promise<void> {
    if (this.#folder === undefined) return;
    const file = join(this.#folder, name);
    // Another host, of this process too, may write the same file.
    const aside = `${file}.${randomUUID()}.new`;
    try {
      await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
      const handle = await open(aside, "w", ownerOnly ? 0o600 : 0o644);
      try {
        await handle.writeFile(`${JSON.stringify(values, undefined, 2)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(aside, file);
    } catch (cause) {
      throw new ExtensionError("STATE_UNWRITABLE", `${file} can't be written.`, { details: { file }, cause });
    }
  }
}

/** Keys are named by extensions: `constructor` is one like others. */
function own(values: Values, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function secretText(value: unknown, extensionId: string): string {
  if (typeof value === "string") return value;
  throw new ExtensionError("STATE_INVALID", `${extensionId} stores a secret that is no text.`, {
    extensionId,
    details: { path: "", found: value === null ? "null" : `a ${typeof value}` },
  });
}

function idsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}

function without(values: Values, key: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([other]) => other !== key));
}
