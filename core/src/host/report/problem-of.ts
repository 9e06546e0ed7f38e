/** Shows the reason of a state as a Problem, with the place where its error names one. */
import {
  errorTable,
  isExtensionError,
  type ErrorCode,
  type Problem,
  type Unresponsive,
} from "@plugboard/extension-api";
import { join } from "node:path";
import { readRegularFile } from "../../common/read-regular-file.js";
import { pathOfFile } from "../../common/source-place.js";
import type { Generation } from "../../lifecycle/extension/generation.js";
import { unresponsiveText } from "../../lifecycle/faults/response-watch.js";
import type { StateReason } from "../../lifecycle/extension/extension-state.js";
import { placeInFolder } from "../../lifecycle/extension/place-in-folder.js";
import { locateInManifest, pointerOfKey } from "../../manifest/locate.js";
import { maximumManifestBytes } from "../../manifest/parse-manifest.js";
import { readJson5 } from "../../manifest/read-json5.js";
import { manifestName } from "../../manifest/identity.js";

/** What waits for a person, or for the rest of its files, is no fault. */
const wishes: ReadonlySet<string> = new Set(["DISABLED", "INCOMPLETE", "UNTRUSTED"]);

/** The Problem behind a reason; undefined where the reason is a wish and no fault. @internal */
export function problemOf(
  reason: StateReason | undefined,
  extensionId: string,
  folder: string,
): Problem | undefined {
  if (reason === undefined || wishes.has(reason.code)) return undefined;
  const { cause } = reason;
  if (!isExtensionError(cause)) return undefined;
  const { problem } = cause.details;
  if (isProblem(problem)) return problem;
  // What the host refuses an author is thrown in the author's own line.
  const { file, line, column, key, suggestion } =
    typeof cause.details.file === "string"
      ? cause.details
      : { ...cause.details, ...placeOfThrow(folder, cause) };
  const message = withoutPlace(withoutStack(reason.message), file);
  const code = reason.code in errorTable ? (reason.code as ErrorCode) : cause.code;
  const place = typeof key === "string" ? placeOfKey(folder, key) : undefined;
  const meant = typeof suggestion === "string" ? { suggestion } : {};
  if (place !== undefined) return { code, severity: "error", ...place, message, extensionId, ...meant };
  return {
    code,
    severity: "error",
    file: typeof file === "string" ? file : folder,
    ...(typeof line === "number" ? { line } : {}),
    ...(typeof column === "number" ? { column } : {}),
    message,
    extensionId,
    ...meant,
  };
}

function placeOfThrow(folder: string, error: Error): ReturnType<typeof placeInFolder> {
  try {
    return placeInFolder(folder, error.stack);
  } catch {
    // The stack is a trap of the author's: then there is no place to tell.
    return undefined;
  }
}

/** The place of a key such as `runtime.command` in the manifest of the folder; undefined if it can't be told. */
function placeOfKey(
  folder: string,
  key: string,
): Pick<Problem, "file" | "path" | "line" | "column"> | undefined {
  const file = join(folder, manifestName);
  try {
    const text = readRegularFile(file, maximumManifestBytes);
    const path = pointerOfKey(readJson5(text).value, key);
    return path === "" ? undefined : { file, path, ...locateInManifest(text, path, "value") };
  } catch {
    // It has changed since, and the next look will tell.
    return undefined;
  }
}

/** The Problem of an active extension that does not answer. @internal */
export function unresponsiveProblem(generation: Generation, { place }: Unresponsive): Problem {
  const { id, folder } = generation.description;
  const file = place === undefined ? folder : pathOfFile(place.file);
  return {
    code: "EXTENSION_UNRESPONSIVE",
    severity: "warning",
    file,
    ...(place === undefined ? {} : { line: place.line }),
    message: withoutPlace(unresponsiveText(generation, place), file),
    extensionId: id,
  };
}

/** One sentence; who wants to know how it came to that looks at the reason. */
function withoutStack(message: string): string {
  return message.replace(/\n\s+at [\s\S]*$/, ".");
}

/** The place has fields of its own; what follows it in the message says what to do. */
function withoutPlace(message: string, file: unknown): string {
  const at = typeof file === "string" ? message.indexOf(` (${file}`) : -1;
  if (at < 0) return message;
  const place = /^(?::\d+)*\)/.exec(message.slice(at + 2 + String(file).length))?.[0];
  return place === undefined
    ? message
    : message.slice(0, at) + message.slice(at + 2 + String(file).length + place.length);
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "severity" in value && "file" in value;
}
