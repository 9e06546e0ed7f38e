/** The settings of extensions: defaults from their manifests, values from the application, and their changes. */
import type { ActivateRequest } from "@plugboard/extension-api";
import { EventEmitter } from "../common/event-emitter.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";

type Values = Readonly<Record<string, unknown>>;

/** Settings by extension. @internal */
export class Settings {
  readonly #values: Map<string, Values>;
  readonly #emitters = new Map<string, EventEmitter<void>>();
  readonly #report: (error: unknown) => void;

  constructor(values: Readonly<Record<string, Values>>, report: (error: unknown) => void) {
    this.#values = new Map(Object.entries(values));
    this.#report = report;
  }

  /** Replaces the values of one extension. */
  set(extensionId: string, values: Values): void {
    this.#values.set(extensionId, values);
    this.#emitters.get(extensionId)?.fire();
  }

  /** What a generation of the extension sees. */
  of(description: ExtensionDescription): ActivateRequest["configuration"] {
    let emitter = this.#emitters.get(description.id);
    if (emitter === undefined) this.#emitters.set(description.id, (emitter = new EventEmitter(this.#report)));
    return {
      onDidChange: emitter.event,
      values: () => Object.freeze({ ...defaultsOf(description), ...this.#values.get(description.id) }),
    };
  }
}

function defaultsOf(description: ExtensionDescription): Values {
  const section: unknown = (description.manifest.contributes as Record<string, unknown> | undefined)
    ?.configuration;
  if (!Array.isArray(section)) return {};
  const items = section as readonly { readonly id: string; readonly default?: unknown }[];
  return Object.fromEntries(
    items
      .filter((item) => item.default !== undefined)
      .map((item) => [item.id, structuredClone(item.default)]),
  );
}
