/**
 * Keeps what is to survive the host: a JSON file per extension and kind, secrets encrypted. Without a folder everything
 * is kept in memory.
 */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ExtensionError, type KeyValueStore, type SecretStore } from "@plugboard/extension-api";
import { jsonCopy } from "../../common/json-copy.js";
import { StateFiles, type StateFilesOptions, type StateValues } from "../../common/state-files.js";
import { newSecretKey, readSecretKey, seal, unseal } from "./secret-box.js";

const extensionsName = "extensions.json";
const trustName = "trust.json";
const keyName = "secrets.key";

/** Stores by extension. @internal */
export class StateFolder {
  readonly #files: StateFiles;

  constructor(folder: string | undefined, options?: StateFilesOptions) {
    this.#files = new StateFiles(folder, options);
  }

  /** The data of an extension. */
  storage(extensionId: string): KeyValueStore {
    const name = `storage/${extensionId}.json`;
    return {
      get: async (key) => structuredClone(own(this.#files.read(name), key)) as never,
      set: async (key, value) => {
        // What it holds now is kept, whatever becomes of it until its turn.
        const copy = jsonCopy(value, extensionId);
        await this.#files.change(name, (values) => ({ ...values, [key]: copy }));
      },
      delete: (key) => this.#files.change(name, (values) => without(values, key)),
      keys: async () => Object.keys(this.#files.read(name)),
    };
  }

  /** The secrets of an extension. */
  secrets(extensionId: string): SecretStore {
    const name = `secrets/${extensionId}.json`;
    const change = (make: (secrets: StateValues) => StateValues) =>
      this.#files.change(
        name,
        async (sealed) => {
          const before = this.#unseal(sealed, extensionId, name);
          const secrets = make(before);
          if (secrets === before) return sealed;
          const key = await this.#keyToWriteWith();
          return key === undefined ? secrets : seal(secrets, extensionId, key);
        },
        { mode: 0o600 },
      );
    return {
      get: async (key) =>
        own(this.#unseal(this.#files.read(name), extensionId, name), key) as string | undefined,
      set: async (key, value) => {
        const secret = secretText(value, extensionId);
        await change((secrets) => ({ ...secrets, [key]: secret }));
      },
      delete: (key) => change((secrets) => without(secrets, key)),
    };
  }

  /** Ids that people disabled, as the file says now: others write it too. */
  disabled(): readonly string[] {
    return idsIn(this.#files.read(extensionsName).disabled);
  }

  /** The file that names the disabled ids; undefined if everything is kept in memory. */
  get extensionsFile(): string | undefined {
    return this.#files.path(extensionsName);
  }

  /** When people last enabled ids, by id, in milliseconds since the epoch. */
  enabledAt(): StateValues {
    const { enabledAt } = this.#files.read(extensionsName);
    return typeof enabledAt === "object" && enabledAt !== null ? (enabledAt as StateValues) : {};
  }

  /** Remembers whether an id is disabled, and when it was enabled: that starts one again that crashed too often. */
  setDisabled(id: string, { isDisabled }: { readonly isDisabled: boolean }): Promise<void> {
    return this.#files.change(extensionsName, (values) => {
      const others = idsIn(values.disabled).filter((other) => other !== id);
      const enabledAt = without(
        typeof values.enabledAt === "object" && values.enabledAt !== null
          ? (values.enabledAt as StateValues)
          : {},
        id,
      );
      return isDisabled
        ? { ...values, disabled: [...others, id], enabledAt }
        : { ...values, disabled: others, enabledAt: { ...enabledAt, [id]: Date.now() } };
    });
  }

  /** What people decided to trust, by id, as the file says now: others write it too. */
  trust(): StateValues {
    return this.#files.read(trustName);
  }

  /** The file that holds the decisions; undefined if everything is kept in memory. */
  get trustFile(): string | undefined {
    return this.#files.path(trustName);
  }

  /** Remembers what comes of what is remembered about an id; nothing if that is undefined. */
  setTrust(id: string, change: (before: unknown) => unknown): Promise<void> {
    return this.#files.change(trustName, (values) => {
      const value = change(own(values, id));
      return { ...without(values, id), ...(value === undefined ? {} : { [id]: value }) };
    });
  }

  /** Where it is kept what folders consist of. */
  get digestsFile(): string | undefined {
    return this.#files.path("digests.json");
  }

  /** Where the index of manifests is kept. */
  get indexFile(): string | undefined {
    return this.#files.path("index.json");
  }

  /** Removes what processes that were killed have left. Never rejects. */
  sweep(): Promise<void> {
    return this.#files.sweep();
  }

  #unseal(sealed: StateValues, extensionId: string, name: string): StateValues {
    const file = this.#files.path(name);
    const keyFile = this.#files.path(keyName);
    if (file === undefined || keyFile === undefined || Object.keys(sealed).length === 0) return sealed;
    return unseal(sealed, extensionId, { file, keyFile, key: readSecretKey(keyFile) });
  }

  /** The key, made if nothing was ever encrypted; undefined if everything is kept in memory. */
  async #keyToWriteWith(): Promise<Buffer | undefined> {
    const keyFile = this.#files.path(keyName);
    if (keyFile === undefined) return undefined;
    const key = readSecretKey(keyFile);
    if (key !== undefined) return key;
    await this.#files.alone(keyName, async () => {
      // Another process may have made it meanwhile.
      if (readSecretKey(keyFile) !== undefined) return;
      assertNoSecrets(join(dirname(keyFile), "secrets"), keyFile);
      await this.#files.write(keyName, newSecretKey(), { mode: 0o600 });
    });
    return readSecretKey(keyFile);
  }
}

/** A new key would make the secrets that need the lost one look like those of another host. */
function assertNoSecrets(folder: string, file: string): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  if (names.length === 0) return;
  throw new ExtensionError("STATE_KEY_LOST", `${file} is gone, but ${folder} holds secrets that need it.`, {
    details: { file },
  });
}

/** Keys are named by extensions: `constructor` is one like others. */
function own(values: StateValues, key: string): unknown {
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

function without(values: StateValues, key: string): StateValues {
  if (!Object.hasOwn(values, key)) return values;
  return Object.fromEntries(Object.entries(values).filter(([other]) => other !== key));
}
