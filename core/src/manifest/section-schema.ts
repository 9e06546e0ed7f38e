/**
 * Checks one section of `contributes` against the JSON Schema that its contribution point brings. Knows no
 * text: places are found later, from the pointers. Invariant: ajv is loaded only when a schema needs it or
 * when a section has a fault that has to be worded.
 */
import { ownPackage } from "../common/own-files.js";
import type { ErrorCode } from "@plugboard/extension-api";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { schemaFindings, type SchemaFinding, type ValidatorError } from "@plugboard/schemas";
import { isRecord } from "../common/is-record.js";
import { compileFlatSchema, type FlatCheck } from "./flat-schema.js";
import { identifierWording, isContributionId } from "./identity.js";
import { ProcessorAllowance, TooSlow, Workbench } from "./processor-allowance.js";
import { mostFindings, formatFindings } from "./format-findings.js";

/** Largest schema that is read from an extension: making a check of it takes a millisecond a KiB. @internal */
export const maximumSchemaBytes = 32 * 1024;

/** The cost of schemas that is allowed for one manifest: as much as a hundred small ones, which is some 50 ms. @internal */
export const schemaAllowance = 100;

/** The cost of compiling the schema. A KiB of it takes as long again as a small one. @internal */
export function costOfSchema(schema: object): number {
  return 1 + JSON.stringify(schema).length / 1024;
}

/** Something wrong with a section. @internal */
export interface SectionFinding {
  readonly code: ErrorCode;
  readonly severity: "error" | "warning";
  /** JSON Pointer within the section, such as `/0/lang`. */
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string;
  /** The place is the key, not its value. */
  readonly key: boolean;
}

const none: readonly SectionFinding[] = Object.freeze([]);

type Validate = ((value: unknown) => unknown) & { errors?: readonly ValidatorError[] | null };

/** What was made of one schema; each part when it is first needed. */
interface Prepared {
  readonly isWhole: boolean;
  /** Tells quickly that a value fits; absent for schemas that need ajv. */
  readonly flat: FlatCheck | undefined;
  validate?: Validate;
}

/**
 * Checks sections, and keeps what it made of a schema for as long as the schema object lives.
 *
 * @internal
 */
export class SectionChecker {
  readonly #prepared = new WeakMap<object, Prepared>();
  readonly #workbench = new Workbench();

  /**
   * Lists what is wrong with a section; none means that it fits.
   *
   * The schema describes one item, and the section is an array of items with unique ids, unless the
   * schema's `type` is or includes `array`: then it describes the whole section.
   *
   * What the schema and the section make of each other takes no more time of the processor than is left of the allowance,
   * which may be that of several sections; a section that takes longer does not fit.
   *
   * @throws TypeError when the schema is not one; ask {@link SectionChecker.faultOfSchema} first when the
   *   schema comes from an extension.
   */
  check(
    section: unknown,
    schema: object,
    allowance: ProcessorAllowance = new ProcessorAllowance(),
  ): readonly SectionFinding[] {
    const prepared = this.#prepare(schema);
    if (prepared.isWhole) return this.#checkWhole(section, "The section", schema, prepared, allowance);
    if (!Array.isArray(section)) {
      return [invalid("", "The section has to be an array of contributions.")];
    }
    const items = section as readonly unknown[];
    if (allFitQuickly(items, prepared.flat)) return none;
    const check = () => this.#checkItems(items, schema, prepared);
    if (items.every((item) => fitsQuickly(item, prepared.flat))) return check();
    this.#validator(schema, prepared);
    return this.#bounded("The section", allowance, check);
  }

  /** Lists what is wrong with one value that the schema describes as it is. @param options.whole - what it is called */
  checkValue(
    value: unknown,
    schema: object,
    { whole }: { readonly whole: string },
  ): readonly SectionFinding[] {
    return this.#checkWhole(value, whole, schema, this.#prepare(schema), new ProcessorAllowance());
  }

  /** Says what is wrong with a schema; `undefined` if sections can be checked against it. */
  faultOfSchema(schema: object): string | undefined {
    try {
      const prepared = this.#prepare(schema);
      if (prepared.flat === undefined) this.#validator(schema, prepared);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  #checkWhole(
    value: unknown,
    whole: string,
    schema: object,
    prepared: Prepared,
    allowance: ProcessorAllowance,
  ): readonly SectionFinding[] {
    this.#validator(schema, prepared);
    return this.#bounded(whole, allowance, () => this.#validate(value, "", whole, schema, prepared));
  }

  #checkItems(items: readonly unknown[], schema: object, prepared: Prepared): readonly SectionFinding[] {
    const findings: SectionFinding[] = [];
    const firstIndex = new Map<string, number>();
    let errors = 0;
    for (const [index, item] of items.entries()) {
      if (errors >= mostFindings) break;
      const path = `/${index}`;
      if (!fitsQuickly(item, prepared.flat)) {
        const found = this.#checkItem(item, path, schema, prepared);
        if (found.some(({ severity }) => severity === "error")) errors++;
        findings.push(...found);
      }
      const id = isRecord(item) && isContributionId(item.id) ? item.id : undefined;
      if (id === undefined) continue;
      const first = firstIndex.get(id);
      if (first === undefined) firstIndex.set(id, index);
      else {
        errors++;
        findings.push(duplicate(`${path}/id`, id));
      }
    }
    return findings.length === 0 ? none : findings;
  }

  #checkItem(item: unknown, path: string, schema: object, prepared: Prepared): readonly SectionFinding[] {
    if (!isRecord(item)) return [invalid(path, "A contribution has to be an object.")];
    const faultOfId = findFaultOfId(item, path);
    // A schema need not know the id; what it says about it counts only where the host found nothing.
    const others = this.#validate(item, path, "The contribution", schema, prepared, (finding) =>
      faultOfId === undefined ? unknownKeyOf(finding) === "id" : isAboutId(finding),
    );
    return faultOfId === undefined ? others : [faultOfId, ...others];
  }

  #validate(
    value: unknown,
    path: string,
    whole: string,
    schema: object,
    prepared: Prepared,
    leaveOut: (finding: SchemaFinding) => boolean = () => false,
  ): readonly SectionFinding[] {
    const validate = this.#validator(schema, prepared);
    try {
      if (validate(value) === true) return none;
    } catch (error) {
      // A schema that refers to itself without getting anywhere.
      return [uncheckable(path, whole, error as Error)];
    }
    const findings = schemaFindings(validate.errors ?? []).filter((finding) => !leaveOut(finding));
    return formatFindings(findings, { value, whole }).map((finding) => ({
      code: finding.unknownKey ? "MANIFEST_UNKNOWN_KEY" : "CONTRIBUTION_INVALID",
      severity: finding.unknownKey ? "warning" : "error",
      path: path + finding.path,
      message: finding.message,
      ...(finding.suggestion === undefined ? undefined : { suggestion: finding.suggestion }),
      key: finding.key,
    }));
  }

  /** The findings, or the one that they take too long. */
  #bounded(
    whole: string,
    allowance: ProcessorAllowance,
    find: () => readonly SectionFinding[],
  ): readonly SectionFinding[] {
    try {
      return this.#workbench.run(find, allowance);
    } catch (error) {
      if (error instanceof TooSlow) return [uncheckable("", whole, error)];
      throw error;
    }
  }

  #prepare(schema: object): Prepared {
    let prepared = this.#prepared.get(schema);
    if (prepared === undefined) {
      const { type } = schema as { type?: unknown };
      const isWhole = type === "array" || (Array.isArray(type) && type.includes("array"));
      prepared = { isWhole, flat: isWhole ? undefined : compileFlatSchema(schema) };
      this.#prepared.set(schema, prepared);
    }
    return prepared;
  }

  #validator(schema: object, prepared: Prepared): Validate {
    prepared.validate ??= compile(schema);
    return prepared.validate;
  }
}

/** ajv takes tens of milliseconds to load, and most hosts never need it. */
function compile(schema: object): Validate {
  // Schemas for other drafts name them here, which ajv would look up; the rest means the same.
  const copy: Record<string, unknown> = { ...schema };
  delete copy.$schema;
  delete copy.$async;
  try {
    return compileWithoutMeta(copy);
  } catch (error) {
    throw new TypeError(`The schema can't be used: ${(error as Error).message}`, { cause: error });
  }
}

function compileWithoutMeta(schema: object): Validate {
  try {
    return createAjv({ meta: false }).compile(schema) as Validate;
  } catch (error) {
    // A schema may ask for a value that is itself a JSON Schema.
    if (!(error as Error).message.includes("json-schema.org")) throw error;
    return createAjv({ meta: true }).compile(schema) as Validate;
  }
}

/**
 * An instance keeps parts of all that it ever compiled, so that each schema gets its own and goes with it.
 * What makes an instance dear are the schemas of JSON Schema itself; compiling finds most faults without them.
 */
function createAjv({ meta }: { readonly meta: boolean }): Ajv2020 {
  const { Ajv2020 } = ownPackage("ajv") as typeof import("ajv/dist/2020.js");
  return new Ajv2020({
    allErrors: true,
    // It takes ever longer than the schema is large, and sections are small.
    code: { optimize: false },
    logger: false,
    meta,
    ownProperties: true,
    strict: false,
    // JSON5 can write NaN and Infinity, and no schema means those by "number".
    strictNumbers: true,
    validateFormats: false,
    validateSchema: false,
    verbose: true,
  });
}

/** Whether all items fit and their ids are unique; says no to a long list, which is checked with what names the repeated. */
function allFitQuickly(items: readonly unknown[], flat: FlatCheck | undefined): boolean {
  if (items.length > 8) return false;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (!fitsQuickly(item, flat)) return false;
    for (let other = 0; other < index; other++)
      if ((items[other] as typeof item).id === item.id) return false;
  }
  return true;
}

function fitsQuickly(item: unknown, flat: FlatCheck | undefined): item is Record<string, unknown> {
  return flat !== undefined && isRecord(item) && isContributionId(item.id) && flat(item);
}

function findFaultOfId(item: Record<string, unknown>, path: string): SectionFinding | undefined {
  if (item.id === undefined) return invalid(path, `The contribution needs "id".`);
  return isContributionId(item.id) ? undefined : invalid(`${path}/id`, `"id" ${identifierWording}.`);
}

function isAboutId(finding: SchemaFinding): boolean {
  if (finding.path === "/id" || unknownKeyOf(finding) === "id") return true;
  return finding.path === "" && finding.params.missingProperty === "id";
}

function unknownKeyOf({ path, params }: SchemaFinding): unknown {
  return path === "" ? (params.additionalProperty ?? params.unevaluatedProperty) : undefined;
}

function invalid(path: string, message: string): SectionFinding {
  return { code: "CONTRIBUTION_INVALID", severity: "error", path, message, key: false };
}

function uncheckable(path: string, whole: string, { message }: Error): SectionFinding {
  return invalid(path, `${whole} can't be checked against the schema of its point: ${message}.`);
}

function duplicate(path: string, id: string): SectionFinding {
  const message = `The id "${id}" is contributed twice to this point.`;
  return { code: "CONTRIBUTION_DUPLICATE", severity: "error", path, message, key: false };
}
