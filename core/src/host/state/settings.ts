/** The settings of extensions: defaults from their manifests, values from the application, and their changes. */
import type { ActivateRequest, Problem } from "@plugboard/extension-api";
import { EventEmitter } from "../../common/event-emitter.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import { childPointer } from "../../manifest/locate.js";
import {
  costOfSchema,
  schemaAllowance,
  SectionChecker,
  type SectionFinding,
} from "../../manifest/section-schema.js";
import { mostFindings } from "../../manifest/format-findings.js";
import { nearest } from "../../common/nearest.js";
import type { ConfigPlaces } from "./config-places.js";
import type { ProblemMaker } from "../face/placed-problems.js";

type Values = Readonly<Record<string, unknown>>;

interface SettingItem {
  readonly id: string;
  readonly default?: unknown;
  /** Where it stands in its section. */
  readonly index: number;
  /** What its value may be. */
  readonly schema: Values;
}

interface Judged {
  readonly values: Values;
  readonly problems: readonly Problem[];
}

/** Whom the settings ask. @internal */
export interface SettingsOptions {
  readonly values: Readonly<Record<string, Values>>;
  /** Where the values stand. */
  readonly places: ConfigPlaces;
  readonly problem: ProblemMaker;
  readonly report: (error: unknown) => void;
}

const none: readonly Problem[] = Object.freeze([]);

/** Settings by extension. @internal */
export class Settings {
  readonly #values: Map<string, Values>;
  readonly #emitters = new Map<string, EventEmitter<void>>();
  readonly #checker = new SectionChecker();
  readonly #judged = new WeakMap<Values, WeakMap<ExtensionDescription, Judged>>();
  readonly #declared = new WeakMap<ExtensionDescription, readonly Problem[]>();
  readonly #places: ConfigPlaces;
  readonly #problem: ProblemMaker;
  readonly #report: (error: unknown) => void;

  constructor({ values, places, problem, report }: SettingsOptions) {
    this.#values = new Map(Object.entries(values));
    this.#places = places;
    this.#problem = problem;
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

  /** What the manifest says wrongly about settings, and values that they don't allow; there the defaults are in force. */
  problems(description: ExtensionDescription): readonly Problem[] {
    const declared = this.#problemsOfDeclared(description);
    return this.#values.has(description.id) ? [...declared, ...this.#judge(description).problems] : declared;
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
    const report = (id: string, what: "key" | "value", message: string, suggestion?: string) => {
      const pointer = childPointer(childPointer("/settings", description.id), id);
      problems.push({
        code: "CONFIG_INVALID",
        severity: "warning",
        ...(this.#places.at(pointer, what) ?? { file: description.folder }),
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
          report(id, "key", `${description.id} has no setting "${id}".`, nearest(id, items.keys()));
        continue;
      }
      const whole = `The setting "${id}" of ${description.id}`;
      const fault = this.#faultOfSchema(item) === undefined ? this.#fault(item, value, whole) : undefined;
      if (fault === undefined) values[id] = value;
      else report(id, "value", `${fault.message} Its default is in force.`);
    }
    return { values: Object.freeze(values), problems };
  }

  /** Made once for a manifest: what is wrong with the settings that it declares. */
  #problemsOfDeclared(description: ExtensionDescription): readonly Problem[] {
    const items = itemsOf(description);
    if (items.length === 0) return none;
    let problems = this.#declared.get(description);
    if (problems === undefined) {
      problems = this.#checkDeclared(description, items);
      this.#declared.set(description, problems);
    }
    return problems;
  }

  /** As far as it takes no time that others would miss: the first findings, and the first schemas that have to be compiled. */
  #checkDeclared(description: ExtensionDescription, items: readonly SettingItem[]): readonly Problem[] {
    const problems: Problem[] = [];
    let left = schemaAllowance;
    for (const item of items) {
      if (problems.length === mostFindings) break;
      if (!isPlain(item.schema)) left -= costOfSchema(item.schema);
      if (left < 0) {
        const pointer = childPointer("/contributes/configuration", item.index);
        const message = `Whether the settings from "${item.id}" on are sound is not checked: there are too many.`;
        const finding = { code: "CONTRIBUTION_INVALID", severity: "info", message } as const;
        return [...problems, this.#problem(description, pointer, "value", finding)];
      }
      const problem = this.#problemOfDeclared(description, item);
      if (problem !== undefined) problems.push(problem);
    }
    return problems;
  }

  #problemOfDeclared(description: ExtensionDescription, item: SettingItem): Problem | undefined {
    const pointer = childPointer("/contributes/configuration", item.index);
    const finding = (message: string) =>
      ({ code: "CONTRIBUTION_INVALID", severity: "error", message }) as const;
    const unusable = this.#faultOfSchema(item);
    if (unusable !== undefined) {
      const message = `What the setting "${item.id}" says of its values is no JSON Schema: ${unusable}`;
      return this.#problem(description, pointer, "value", finding(message));
    }
    if (item.default === undefined) return undefined;
    const fault = this.#fault(item, item.default, `The default of the setting "${item.id}"`);
    return (
      fault && this.#problem(description, `${pointer}/default${fault.path}`, "value", finding(fault.message))
    );
  }

  #fault({ schema }: SettingItem, value: unknown, whole: string): SectionFinding | undefined {
    return fitsPlainly(value, schema) ? undefined : this.#checker.checkValue(value, schema, { whole })[0];
  }

  #faultOfSchema({ schema }: SettingItem): string | undefined {
    return isPlain(schema) ? undefined : this.#checker.faultOfSchema(schema);
  }
}

/** Keywords of which most settings have no other; what they allow is seen without compiling a schema. */
const plainKeywords: ReadonlySet<string> = new Set(["type", "default", "description", "title", "enum"]);
const plainTypes: ReadonlySet<unknown> = new Set([
  "string",
  "boolean",
  "number",
  "array",
  "object",
  "integer",
]);

function isPlain(schema: Values): boolean {
  for (const keyword in schema) if (!plainKeywords.has(keyword)) return false;
  return plainTypes.has(schema.type) && (schema.enum === undefined || Array.isArray(schema.enum));
}

/** Whether a value certainly fits; says no where a schema has to be asked. */
function fitsPlainly(value: unknown, schema: Values): boolean {
  if (!isPlain(schema) || typeof value !== schema.type) return false;
  if (typeof value === "number" && !Number.isFinite(value)) return false;
  if (typeof value === "object") return value !== null && !Array.isArray(value) && schema.enum === undefined;
  return schema.enum === undefined || (schema.enum as readonly unknown[]).includes(value);
}

function itemsOf(description: ExtensionDescription): readonly SettingItem[] {
  const sections = outlineOf(description).contributes as Readonly<Record<string, unknown>> | undefined;
  const section = sections?.configuration;
  if (!Array.isArray(section)) return [];
  // What is no item is told by the check of the section.
  return (section as readonly unknown[]).flatMap((item, index): readonly SettingItem[] => {
    if (typeof item !== "object" || item === null) return [];
    const { id, ...schema } = item as Values;
    return typeof id === "string" ? [{ id, default: schema.default, index, schema }] : [];
  });
}

function defaultsOf(description: ExtensionDescription): Record<string, unknown> {
  const items = itemsOf(description).filter((item) => item.default !== undefined);
  return Object.fromEntries(items.map((item) => [item.id, structuredClone(item.default)]));
}
