/**
 * The contribution points that extensions open through their manifests, and who waits for a point that
 * nobody has opened. Validates no sections: tells whose have to be validated again.
 * Invariant: an extension's points are open from the listing that names them until the one that does not.
 */
import {
  contributionPoint,
  ExtensionError,
  type Arity,
  type ContributionPoint,
  type Problem,
} from "@plugboard/extension-api";
import type { AnyContract } from "../../contribution/contribution.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { costOfSchema, schemaAllowance } from "../../manifest/section-schema.js";
import { outlineOf } from "../../manifest/manifest-outline.js";
import type { ExtensionRegistry } from "../extension/extension-registry.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { ManagedExtension } from "../extension/managed-extension.js";
import { asExtensionError } from "../extension/reason.js";

type PointDeclaration = NonNullable<
  NonNullable<ExtensionDescription["manifest"]["contributes"]>["points"]
>[number];

const nothing: readonly never[] = Object.freeze([]);

interface OpenedPointsParts {
  readonly options: LifecycleOptions;
  readonly extensions: ExtensionRegistry;
}

/** Opens and closes the points of extensions. @internal */
export class OpenedPoints {
  readonly #parts: OpenedPointsParts;
  /** Who opened a point, by its id. */
  readonly #owners = new Map<string, ManagedExtension>();
  /** Who contributes to a point that is not open, by its id. */
  readonly #waiting = new Map<string, Set<ManagedExtension>>();
  /** The sections with which an extension waits. */
  readonly #sections = new Map<ManagedExtension, readonly string[]>();
  readonly #problems = new WeakMap<ExtensionDescription, readonly Problem[]>();

  constructor(parts: OpenedPointsParts) {
    this.#parts = parts;
  }

  /**
   * Opens the points that the description declares and closes those it no longer does; all of them, if the
   * extension has no description any more. Returns the others whom that concerns.
   */
  declare(
    extension: ManagedExtension,
    description: ExtensionDescription | undefined,
  ): readonly ManagedExtension[] {
    const declared = (description && outlineOf(description).contributes?.points) ?? nothing;
    if (declared.length === 0 && !this.#owns(extension)) return nothing;
    const concerned = new Set<ManagedExtension>();
    for (const other of this.#close(extension, declared)) concerned.add(other);
    if (description !== undefined) {
      for (const other of this.#open(extension, description, declared)) concerned.add(other);
    }
    concerned.delete(extension);
    return [...concerned];
  }

  /** What kept points of the description from being opened. */
  problemsOf(description: ExtensionDescription): readonly Problem[] {
    return this.#problems.get(description) ?? nothing;
  }

  /** Remembers with which sections the extension waits for a point. */
  await(extension: ManagedExtension, sections: readonly string[]): void {
    if (sections.length === 0 && !this.#sections.has(extension)) return;
    for (const section of this.#sections.get(extension) ?? []) {
      const waiting = this.#waiting.get(section);
      waiting?.delete(extension);
      if (waiting?.size === 0) this.#waiting.delete(section);
    }
    if (sections.length === 0) this.#sections.delete(extension);
    else this.#sections.set(extension, sections);
    for (const section of sections) {
      let waiting = this.#waiting.get(section);
      if (waiting === undefined) this.#waiting.set(section, (waiting = new Set()));
      waiting.add(extension);
    }
  }

  #owns(extension: ManagedExtension): boolean {
    for (const owner of this.#owners.values()) if (owner === extension) return true;
    return false;
  }

  /** Closes what is not declared; returns who contributed to it. */
  #close(extension: ManagedExtension, declared: readonly PointDeclaration[]): readonly ManagedExtension[] {
    const { registry } = this.#parts.options;
    const concerned: ManagedExtension[] = [];
    for (const [pointId, owner] of [...this.#owners]) {
      if (owner !== extension || declared.some(({ id }) => id === pointId)) continue;
      this.#owners.delete(pointId);
      const entries = registry.collection(pointId)?.entries() ?? [];
      concerned.push(...this.#parts.extensions.known(entries.map(({ extensionId }) => extensionId)));
      registry.close(pointId);
    }
    return concerned;
  }

  /** Opens what is not open yet; returns who waited for it. */
  #open(
    extension: ManagedExtension,
    description: ExtensionDescription,
    declared: readonly PointDeclaration[],
  ): readonly ManagedExtension[] {
    const concerned: ManagedExtension[] = [];
    const problems: Problem[] = [];
    const allowance = { left: schemaAllowance };
    for (const [index, point] of declared.entries()) {
      if (this.#owners.get(point.id) === extension) continue;
      try {
        this.#parts.options.registry.open(this.#define(description, point, allowance));
        this.#owners.set(point.id, extension);
        concerned.push(...(this.#waiting.get(point.id) ?? []));
      } catch (error) {
        problems.push(this.#problem(extension, index, point, error));
      }
    }
    if (problems.length > 0) this.#problems.set(description, problems);
    return concerned;
  }

  #define(
    description: ExtensionDescription,
    point: PointDeclaration,
    allowance: { left: number },
  ): ContributionPoint<AnyContract> {
    const { validator, readSchema } = this.#parts.options;
    const schema = point.schema === undefined ? undefined : readSchema(description, point.schema);
    if (schema !== undefined && (allowance.left -= costOfSchema(schema)) < 0) {
      throw new ExtensionError(
        "CONTRIBUTION_INVALID",
        `The point "${point.id}" is not opened: the schemas of all points of one extension are too many or too large together. Open fewer points, or use smaller schemas.`,
      );
    }
    const fault = schema === undefined ? undefined : validator.faultOfSchema(schema);
    if (fault !== undefined) {
      throw new ExtensionError(
        "CONTRIBUTION_INVALID",
        `The schema of the point "${point.id}" is not one: ${fault}`,
      );
    }
    const { activationEvent } = point;
    return contributionPoint<AnyContract>()({
      id: point.id,
      ...(schema === undefined ? {} : { schema }),
      methods: (point.methods ?? {}) as Readonly<Record<never, Arity>>,
      ...(activationEvent === undefined
        ? {}
        : { activationEvent: (item) => `${activationEvent}:${item.id}` }),
    });
  }

  #problem(extension: ManagedExtension, index: number, { id }: PointDeclaration, error: unknown): Problem {
    const { code, message } = asExtensionError(
      error,
      "CONTRIBUTION_INVALID",
      extension.id,
      `The point "${id}" can't be opened`,
    );
    const pointer = `/contributes/points/${String(index)}`;
    const finding = { code, severity: "error" as const, message };
    return this.#parts.options.validator.problem(extension.description, pointer, "value", finding);
  }
}
