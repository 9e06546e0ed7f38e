/**
 * Finds in settings what refers to something outside of them: files of the extension, what its manifest contributes,
 * platforms. The schema says which texts do, by their `format`. Knows neither disk nor manifest; that what is referred
 * to is there is for others to see.
 * Invariant: does no more than a bounded number of steps, whatever the schema.
 */
import { isRecord } from "../common/is-record.js";
import { childPointer } from "./locate.js";

/** A text that refers to something. @internal */
export interface SettingUse {
  /**
   * `extension-file` is a path inside the extension's folder. The others are the names of an object's properties:
   * of points that the manifest contributes to, and below such a name of contributions to it.
   */
  readonly format: "extension-file" | "contributed-point" | "contribution-id";
  readonly text: string;
  /** JSON Pointer within the settings. */
  readonly pointer: string;
  /** The point, for the id of a contribution. */
  readonly point?: string;
  /** The platform that it is for, if it is not for all. */
  readonly platform?: string;
}

/** An object with something for each of several platforms, whose names have the format `platform`. @internal */
export interface PlatformChoice {
  readonly format: "platform";
  readonly names: readonly string[];
  readonly pointer: string;
}

const mostSteps = 100_000;
const mostReferences = 32;

interface Place {
  readonly pointer: string;
  readonly point?: string;
  readonly platform?: string;
  /** References on the way to this schema, without a step into the value. */
  readonly references: number;
}

/** References in settings, as the schema tells them. The settings fit the schema. @internal */
export function settingUses(settings: unknown, schema: object): readonly (SettingUse | PlatformChoice)[] {
  return [...new Walk(schema).uses(schema, settings, { pointer: "", references: 0 })];
}

class Walk {
  readonly #root: object;
  #steps = 0;

  constructor(root: object) {
    this.#root = root;
  }

  *uses(schema: unknown, value: unknown, place: Place): Iterable<SettingUse | PlatformChoice> {
    if (!isRecord(schema) || ++this.#steps > mostSteps) return;
    const { $ref: reference, allOf } = schema;
    if (typeof reference === "string" && place.references < mostReferences)
      yield* this.uses(this.#resolve(reference), value, { ...place, references: place.references + 1 });
    for (const part of Array.isArray(allOf) ? (allOf as readonly unknown[]) : [])
      yield* this.uses(part, value, place);
    for (const choice of [schema.anyOf, schema.oneOf]) {
      if (!Array.isArray(choice) || choice.some((one) => isExactly(one, value))) continue;
      for (const part of choice as readonly unknown[]) yield* this.uses(part, value, place);
    }
    if (typeof value === "string") {
      if (schema.format === "extension-file") yield { format: schema.format, text: value, ...located(place) };
    } else if (Array.isArray(value)) {
      for (const [index, one] of value.entries())
        yield* this.uses(schema.items, one, {
          ...place,
          pointer: childPointer(place.pointer, index),
          references: 0,
        });
    } else if (isRecord(value)) yield* this.#properties(schema, value, place);
  }

  *#properties(
    schema: Readonly<Record<string, unknown>>,
    value: Readonly<Record<string, unknown>>,
    place: Place,
  ): Iterable<SettingUse | PlatformChoice> {
    const format = isRecord(schema.propertyNames) ? schema.propertyNames.format : undefined;
    const names = Object.keys(value);
    if (format === "platform") yield { format, names, pointer: place.pointer };
    for (const name of names) {
      const inner = {
        ...place,
        pointer: childPointer(place.pointer, name),
        references: 0,
        ...(format === "platform" ? { platform: name } : {}),
        ...(format === "contributed-point" ? { point: name } : {}),
      };
      if (format === "contributed-point" || (format === "contribution-id" && place.point !== undefined))
        yield { format, text: name, ...located(inner) };
      const { properties, additionalProperties } = schema;
      const own = isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
      yield* this.uses(own ?? additionalProperties, value[name], inner);
    }
  }

  /** Only what stands in the schema itself. */
  #resolve(reference: string): unknown {
    if (reference !== "#" && !reference.startsWith("#/")) return undefined;
    let at: unknown = this.#root;
    for (const part of reference.split("/").slice(1)) {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      at = isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    }
    return at;
  }
}

function located({ pointer, point, platform }: Place): Pick<SettingUse, "pointer" | "point" | "platform"> {
  return {
    pointer,
    ...(point === undefined ? {} : { point }),
    ...(platform === undefined ? {} : { platform }),
  };
}

/** Whether the schema stands for this very value. */
function isExactly(schema: unknown, value: unknown): boolean {
  return isRecord(schema) && "const" in schema && schema.const === value;
}
