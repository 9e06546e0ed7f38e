/**
 * Reads the settings that an operator keeps in a file beside the application (plugboard.config.json5) and
 * checks them by schemas/config.schema.json. Turning them into host options is the application's business.
 */
import type { Problem } from "@plugboard/extension-api";
import type { SchemaFinding } from "@plugboard/schemas";
import { readRegularFile } from "../../common/read-regular-file.js";
import { offsetOf, TextLines } from "../../manifest/locate.js";
import { readJson5, syntaxErrorWording, type ReadResult } from "../../manifest/read-json5.js";
import { formatFindings } from "../../manifest/format-findings.js";
import type { Grants, HostLimits, RestartOptions } from "../face/host-options.js";

/** The content of a config file; relative paths are as they stand in the file. @public */
export interface HostConfig {
  /** Folders whose children are extensions. */
  readonly folders?: readonly string[];
  /** Folders each of which is one extension. */
  readonly developmentFolders?: readonly string[];
  /** Where the host keeps its state. */
  readonly stateFolder?: string;
  /** Kinds of runtime by extension id; a key may end in `*`. */
  readonly runtimePolicy?: Readonly<Record<string, string>>;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<HostLimits>;
  /** What happens after a crash, where that differs from the defaults. */
  readonly restart?: RestartOptions;
  /** Ids that are to run although they were disabled before. */
  readonly enabled?: readonly string[];
  /** Ids that are not to run. */
  readonly disabled?: readonly string[];
  /** Whether an extension runs because it is there, or because somebody trusted it. */
  readonly trust?: "all" | "asked";
  /** A folder of trusted keys, or one public key's file. */
  readonly keys?: string;
  /** When what a revoked key has signed is stopped. */
  readonly revokedKeys?: "stop" | "next start";
  /** A file that lists what may run. */
  readonly lockfile?: string;
  /** What each extension may use, for runtimes that can hold it to that. */
  readonly grants?: Readonly<Record<string, Grants>>;
  /** Settings by extension id. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The result of {@link readHostConfig}. @public */
export interface HostConfigResult {
  /** The settings, unless something in them is wrong. */
  readonly config?: HostConfig;
  /** What is wrong, each with its place. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a config file; `undefined` if there is none. Never rejects: what is wrong with the file is a Problem
 * (`CONFIG_INVALID`), and one mistake is one Problem.
 *
 * @public
 */
export async function readHostConfig(file: string): Promise<HostConfigResult | undefined> {
  let text: string;
  try {
    text = readRegularFile(file, Infinity);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    return { problems: [invalid(file, `The config file can't be read: ${message}.`)] };
  }
  const read = readJson5(text, { places: true });
  // Most applications have no config file.
  const { validateConfig } = await import("@plugboard/schemas/validate-config");
  const problems = findings(text, read, validateConfig).map(({ offset, path, message, suggestion }) => ({
    ...invalid(file, message),
    ...new TextLines(text).at(offset),
    path,
    ...(suggestion !== undefined && { suggestion }),
  }));
  return problems.length > 0 ? { problems } : { config: read.value as HostConfig, problems };
}

interface PlacedFinding {
  readonly offset: number;
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

function findings(
  text: string,
  { value, failure, keyFindings, place }: ReadResult,
  validate: (value: unknown) => readonly SchemaFinding[],
): readonly PlacedFinding[] {
  if (failure !== undefined) {
    const wording =
      failure.kind === "syntax" ? (syntaxErrorWording(text) ?? failure.message) : failure.message;
    return [{ offset: failure.offset, path: "", message: `The config file is not JSON5: ${wording}.` }];
  }
  const keys = keyFindings.map(({ kind, key, offset, path = "" }) => ({
    offset,
    path,
    message:
      kind === "duplicate" ? `The key "${key}" stands here twice.` : `The key "${key}" is not allowed.`,
  }));
  const formatted = formatFindings(validate(value), { value, whole: "The config file" })
    // What is said of the key itself need not be said again.
    .filter(({ path }) => keys.every((key) => key.path !== path))
    .map(({ path, message, suggestion, key }) => ({
      offset: offsetOf(place, path, key ? "key" : "value"),
      path,
      message,
      suggestion,
    }));
  return [...keys, ...formatted, ...contradictions(value, place)];
}

/** An id can't be in both lists; no schema can say that. */
function contradictions(value: unknown, place: ReadResult["place"]): readonly PlacedFinding[] {
  const { enabled, disabled } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(enabled) || !Array.isArray(disabled)) return [];
  return disabled.flatMap((id: unknown, index) =>
    enabled.includes(id)
      ? [
          {
            offset: offsetOf(place, `/disabled/${index}`, "value"),
            path: `/disabled/${index}`,
            message: `${JSON.stringify(id)} is listed as enabled and as disabled.`,
          },
        ]
      : [],
  );
}

function invalid(file: string, message: string): Problem {
  return { code: "CONFIG_INVALID", severity: "error", file, message };
}
