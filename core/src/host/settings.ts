/** The settings of extensions: defaults from their manifests, values from the application, and their changes. */
import type { ActivateRequest, Problem } from "@plugboard/extension-api";
import { EventEmitter } from "../common/event-emitter.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { outlineOf } from "../manifest/manifest-outline.js";
import { SectionChecker } from "../manifest/section-schema.js";
import { nearest } from "../common/nearest.js";

type Values = Readonly<Record<string, unknown>>;

interface SettingItem {
  readonly id: string;
  readonly default?: unknown;
}

interface Judged {
  readonly values: Values;
  readonly problems: readonly Problem[];
}

/** Settings by extension. @internal */
export class Settings {
  readonly #values: Map<string, Values>;
  readonly #emitters = new Map<string, EventEmitter<void>>();
  readonly #checker = new SectionChecker();
  readonly #judged = new WeakMap<Values, WeakMap<ExtensionDescription, Judged>>();
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
    return { onDidChange: emitter.event, values: () => this.#judge(description).values };
  }

  /** Values that the extension's settings don't allow; their defaults are in force. */
  problems(description: ExtensionDescription): readonly Problem[] {
    return this.#values.has(description.id) ? this.#judge(description).problems : [];
  }

  #judge(description: ExtensionDescription): Judged {
    const given = this.#values.get(description.id);
    if (given === undefined) return { values: Object.freeze(defaultsOf(description)), problems: [] };
    let byDescription = this.#judged.get(given);
    if (byDescription === undefined) this.#judged.set(given, (byDescription = new WeakMap()));
    let judged = byDescription.get(description);
    if (judged === undefined) byDescription.set(description, (judged = this.#check(description, given)));
    return judged;
  }

  #check(description: ExtensionDescription, given: Values): Judged {
    const items = new Map(itemsOf(description).map((item) => [item.id, item]));
    const values = defaultsOf(description);
    const problems: Problem[] = [];
    const report = (message: string, suggestion: string | undefined, severity: Problem["severity"]) => {
      problems.push({
        code: "CONFIG_INVALID",
        severity,
        file: description.folder,
        message,
        extensionId: description.id,
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    };
    for (const [id, value] of Object.entries(given)) {
      const item = items.get(id);
      if (item === undefined) {
        values[id] = value;
        if (items.size > 0)
          report(`${description.id} has no setting "${id}".`, nearest(id, items.keys()), "warning");
        continue;
      }
      const fault = this.#fault(item, value);
      if (fault === undefined) values[id] = value;
      else
        report(
          `The setting "${id}" of ${description.id} is not allowed; its default is in force: ${fault}`,
          undefined,
          "warning",
        );
    }
    return { values: Object.freeze(values), problems };
  }

  #fault(item: SettingItem, value: unknown): string | undefined {
    const { id: _id, ...schema } = item;
    const section = { type: "array", items: schema };
    const unusable = this.#checker.faultOfSchema(section);
    // A setting whose schema says nothing sensible allows everything; its own section check has told of it.
    if (unusable !== undefined) return undefined;
    return this.#checker.check([value], section)[0]?.message;
  }
}

function itemsOf(description: ExtensionDescription): readonly SettingItem[] {
  const section: unknown = (outlineOf(description).contributes as Record<string, unknown> | undefined)
    ?.configuration;
  return Array.isArray(section) ? (section as readonly SettingItem[]) : [];
}

function defaultsOf(description: ExtensionDescription): Record<string, unknown> {
  const items = itemsOf(description).filter((item) => item.default !== undefined);
  return Object.fromEntries(items.map((item) => [item.id, structuredClone(item.default)]));
}
