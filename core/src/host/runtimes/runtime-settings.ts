/**
 * Checks what manifests say under `runtime` against the schemas that contributed runtimes bring for it. Looks each time
 * anew who contributes a runtime, since it may come and go; what was found is kept for as long as nothing changes.
 * Invariant: what is told of an extension before its start is the very Problem with which its start is refused.
 */
import { ExtensionError, runtimes, type Problem } from "@plugboard/extension-api";
import { nearest } from "../../common/nearest.js";
import type { ContributionRegistry } from "../../contribution/contribution-registry.js";
import { faultOnDisk } from "../../discovery/check-paths.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { outlineOf, settingsFiles } from "../../manifest/manifest-outline.js";
import { faultOfPath } from "../../manifest/path-in-folder.js";
import { SectionChecker } from "../../manifest/section-schema.js";
import { settingUses, type PlatformChoice, type SettingUse } from "../../manifest/setting-uses.js";

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

/** This machine, from the narrowest name to the widest. */
const platformNames: readonly string[] = [`${process.platform}-${process.arch}`, process.platform];

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

  /**
   * What is wrong with the extension's settings of its runtime, and with the schemas that it brings itself. While it does
   * not run, and nobody asks for all, with those that another extension's settings were held against: reading one takes
   * as long as listing many extensions.
   */
  problems(
    description: ExtensionDescription,
    { ofUnusedSchemas }: { readonly ofUnusedSchemas: boolean },
  ): readonly Problem[] {
    const { runtime, contributes } = outlineOf(description);
    const own = typeof runtime === "object" ? this.#check(description, runtime) : none;
    // What is on the disk may have come, or gone, since the last time.
    const files = typeof runtime === "object" && own.length === 0 ? this.#files(description, runtime) : none;
    const isRead = ofUnusedSchemas || this.#read.has(description);
    const brought =
      isRead && contributes?.runtimes !== undefined ? this.#problemsOfSchemas(description) : none;
    return own.length + files.length === 0 ? brought : [...own, ...files, ...brought];
  }

  /** @throws ExtensionError `MANIFEST_INVALID` for settings with which the runtime can't be asked to start it */
  assertSound(description: ExtensionDescription): void {
    const { runtime } = outlineOf(description);
    const problems = typeof runtime === "object" ? this.#check(description, runtime) : none;
    // What is wrong with a file the runtime itself knows better, and may find mended by then.
    const problem = problems.find(({ severity }) => severity === "error");
    if (problem === undefined) return;
    throw new ExtensionError("MANIFEST_INVALID", problem.message, {
      extensionId: description.id,
      details: { problem },
    });
  }

  #check(description: ExtensionDescription, runtime: { readonly kind: string }): readonly Problem[] {
    const schema = this.#schemaFor(runtime.kind);
    if (schema === undefined) return none;
    const known = this.#checked.get(description);
    if (known?.schema === schema) return known.problems;
    const { kind, ...settings } = runtime as Readonly<Record<string, unknown>>;
    const mismatches = this.#checker
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
    const problems =
      mismatches.length > 0
        ? mismatches
        : settingUses(settings, schema).flatMap((use) => this.#misnamed(description, use));
    this.#checked.set(description, { schema, problems });
    return problems;
  }

  /** The schema of the settings of a contributed runtime; undefined for all others. */
  #schemaFor(kind: string): object | undefined {
    const contribution = this.#options.registry.find(runtimes.id, kind);
    if (contribution === undefined) return undefined;
    const owner = this.#options.description(contribution.owner.id);
    const file = (contribution.item as { readonly settings?: unknown }).settings;
    if (owner === undefined || typeof file !== "string") return undefined;
    const read = this.#schema(owner, file);
    // Who brings it is told what is wrong with it.
    return "fault" in read ? undefined : read.schema;
  }

  /** What names something that the manifest does not contribute, or leaves out this machine. */
  #misnamed(description: ExtensionDescription, use: SettingUse | PlatformChoice): readonly Problem[] {
    const at = (what: "key" | "value", finding: Omit<ProblemFinding, "code">): readonly Problem[] => [
      this.#options.problem(
        description,
        { pointer: `/runtime${use.pointer}`, what },
        { code: "MANIFEST_INVALID", ...finding },
      ),
    ];
    if (use.format === "extension-file") return none;
    if (use.format === "platform") {
      if (platformNames.some((name) => use.names.includes(name))) return none;
      const has = use.names.length === 0 ? "nothing" : use.names.join(", ");
      const message = `There is nothing for ${platformNames[0]}, which is this machine; there is ${has}.`;
      return at("value", { severity: "warning", message });
    }
    const contributes = outlineOf(description).contributes ?? {};
    const { text, point = "" } = use;
    const isPoint = use.format === "contributed-point";
    // Below a point that nothing is contributed to, the point itself is told.
    if (!isPoint && !Object.hasOwn(contributes, point)) return none;
    const known = isPoint ? Object.keys(contributes) : idsIn(contributes, point);
    if (known.includes(text)) return none;
    const suggestion = nearest(text, known);
    const what = isPoint
      ? `"${text}" is no point that this manifest contributes to.`
      : `"${text}" is no id that this manifest contributes to ${point}.`;
    // Programs may serve more than one extension uses; what is nearly right was meant for it.
    return suggestion === undefined
      ? at("key", { severity: "warning", message: what })
      : at("key", { severity: "error", message: what, suggestion });
  }

  /** What names a file that is not there, or is none of the extension's. */
  #files(description: ExtensionDescription, runtime: { readonly kind: string }): readonly Problem[] {
    const schema = this.#schemaFor(runtime.kind);
    if (schema === undefined) return none;
    const { kind: _kind, ...settings } = runtime as Readonly<Record<string, unknown>>;
    return settingUses(settings, schema).flatMap((use): readonly Problem[] => {
      if (use.format !== "extension-file") return none;
      const path = use.text.replaceAll("\\", "/");
      const fault = faultOfPath(path) ?? faultOnDisk(description.folder, path, "file");
      if (fault === undefined) return none;
      const isForHere = use.platform === undefined || platformNames.includes(use.platform);
      return [
        this.#options.problem(
          description,
          { pointer: `/runtime${use.pointer}`, what: "value" },
          {
            code: "MANIFEST_PATH",
            severity: isForHere ? "error" : "warning",
            message: `The path ${JSON.stringify(use.text)} ${fault}.`,
          },
        ),
      ];
    });
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

function idsIn(contributes: Readonly<Record<string, unknown>>, point: string): readonly string[] {
  const section = Object.hasOwn(contributes, point) ? contributes[point] : undefined;
  return (Array.isArray(section) ? (section as readonly unknown[]) : []).flatMap((item) => {
    const id = (item as { readonly id?: unknown } | null)?.id;
    return typeof id === "string" ? [id] : [];
  });
}
