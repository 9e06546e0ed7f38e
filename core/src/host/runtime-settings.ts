/**
 * Checks what manifests say under `runtime` against the schemas that contributed runtimes bring for it. Looks each time
 * anew who contributes a runtime, since it may come and go; what was found is kept for as long as nothing changes.
 * Invariant: what is told of an extension before its start is the very Problem with which its start is refused.
 */
import { ExtensionError, runtimes, type Problem } from "@plugboard/extension-api";
import type { ContributionRegistry } from "../contribution/contribution-registry.js";
import type { ExtensionDescription } from "../discovery/extension-description.js";
import { outlineOf, settingsFiles } from "../manifest/manifest-outline.js";
import { SectionChecker } from "../manifest/section-schema.js";

type ProblemFinding = Pick<Problem, "code" | "severity" | "message" | "suggestion">;

/** Whom it asks. @internal */
export interface RuntimeSettingsOptions {
  readonly registry: ContributionRegistry;
  /** What an extension serves with. */
  readonly description: (id: string) => ExtensionDescription | undefined;
  /** The schema in a file of an extension; throws what is wrong with it. */
  readonly readSchema: (description: ExtensionDescription, path: string) => object;
  /** Makes a Problem with its place in the manifest. */
  readonly problem: (
    description: ExtensionDescription,
    place: { readonly pointer: string; readonly what: "key" | "value" },
    finding: ProblemFinding,
  ) => Problem;
}

/** A schema, or what is wrong with the file that should hold one. */
type Read = { readonly schema: object } | { readonly fault: string };

interface Checked {
  readonly schema: object;
  readonly problems: readonly Problem[];
}

const none: readonly never[] = Object.freeze([]);

/** Knows what the settings of runtimes may be. @internal */
export class RuntimeSettings {
  readonly #options: RuntimeSettingsOptions;
  readonly #checker = new SectionChecker();
  readonly #read = new WeakMap<ExtensionDescription, Map<string, Read>>();
  readonly #checked = new WeakMap<ExtensionDescription, Checked>();
  readonly #brought = new WeakMap<ExtensionDescription, readonly Problem[]>();

  constructor(options: RuntimeSettingsOptions) {
    this.#options = options;
  }

  /** What is wrong with the extension's settings of its runtime, and with the schemas that it brings itself. */
  problems(description: ExtensionDescription): readonly Problem[] {
    const { runtime, contributes } = outlineOf(description);
    const own = typeof runtime === "object" ? this.#check(description, runtime) : none;
    const brought = contributes?.runtimes === undefined ? none : this.#problemsOfSchemas(description);
    return own.length === 0 ? brought : [...own, ...brought];
  }

  /** @throws ExtensionError `MANIFEST_INVALID` for settings with which the runtime can't be asked to start it */
  assertSound(description: ExtensionDescription): void {
    const problem = this.problems(description).find(
      ({ severity, path }) => severity === "error" && path?.startsWith("/runtime") === true,
    );
    if (problem === undefined) return;
    throw new ExtensionError("MANIFEST_INVALID", problem.message, {
      extensionId: description.id,
      details: { problem },
    });
  }

  #check(description: ExtensionDescription, runtime: { readonly kind: string }): readonly Problem[] {
    const contribution = this.#options.registry.find(runtimes.id, runtime.kind);
    if (contribution === undefined) return none;
    const owner = this.#options.description(contribution.owner.id);
    const file = (contribution.item as { readonly settings?: unknown }).settings;
    if (owner === undefined || typeof file !== "string") return none;
    const read = this.#schema(owner, file);
    // Who brings it is told what is wrong with it.
    if ("fault" in read) return none;
    const { schema } = read;
    const known = this.#checked.get(description);
    if (known?.schema === schema) return known.problems;
    const { kind, ...settings } = runtime as Readonly<Record<string, unknown>>;
    const problems = this.#checker
      .checkValue(settings, schema, { whole: `The runtime ${String(kind)}` })
      .map(({ code, path, message, suggestion, key }) =>
        this.#options.problem(
          description,
          { pointer: `/runtime${path}`, what: key ? "key" : "value" },
          {
            // A runtime that closes its schema refuses what it does not know.
            code: code === "CONTRIBUTION_INVALID" ? "MANIFEST_INVALID" : code,
            severity: "error",
            message,
            ...(suggestion === undefined ? {} : { suggestion }),
          },
        ),
      );
    this.#checked.set(description, { schema, problems });
    return problems;
  }

  #problemsOfSchemas(description: ExtensionDescription): readonly Problem[] {
    let problems = this.#brought.get(description);
    if (problems === undefined) {
      problems = settingsFiles(description).flatMap(({ file, pointer }): readonly Problem[] => {
        const read = this.#schema(description, file);
        if (!("fault" in read)) return none;
        const message = `The schema of the settings of a runtime can't be used: ${read.fault}`;
        const finding = { code: "CONTRIBUTION_INVALID", severity: "error", message } as const;
        return [this.#options.problem(description, { pointer, what: "value" }, finding)];
      });
      this.#brought.set(description, problems);
    }
    return problems;
  }

  #schema(owner: ExtensionDescription, path: string): Read {
    const files = this.#read.get(owner) ?? new Map<string, Read>();
    this.#read.set(owner, files);
    let read = files.get(path);
    if (read === undefined) files.set(path, (read = this.#readSchema(owner, path)));
    return read;
  }

  #readSchema(owner: ExtensionDescription, path: string): Read {
    try {
      const schema = this.#options.readSchema(owner, path);
      const fault = this.#checker.faultOfSchema(schema);
      return fault === undefined ? { schema } : { fault };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  }
}
