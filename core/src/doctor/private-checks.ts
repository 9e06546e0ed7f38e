/** Checks of all that belongs to the host's owner alone: its state, its secrets and the keys it trusts. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { lookAt, lookInto, saysMissing } from "../common/look-at.js";
import { nearestExisting } from "../common/nearest-existing.js";
import { exposedKeys } from "../trust/exposed-files.js";
import { readKeyRing } from "../trust/key-ring.js";
import { checkNamed, type Check } from "./check.js";

const others = 0o077;
const othersWrite = 0o022;
const secretsName = "secrets";
const keyName = "secrets.key";

/** Whether the host can write its state, and others can't read its secrets. @internal */
export function checkState(folder: string): readonly Check[] {
  const { ok, warning, problem } = checkNamed("state");
  const { found: stat } = lookAt(folder);
  if (stat !== undefined && !stat.isDirectory())
    return [problem(`${folder} is not a folder.`, "Remove it; the host makes its own.")];
  if (!canWrite(stat === undefined ? nearestExisting(folder) : folder))
    return [
      problem(`${folder} can't be written.`, "Give the user that runs the host the right to write it."),
    ];
  if (stat === undefined) return [ok(`${folder} does not exist yet; the host can create it.`)];
  const secrets = join(folder, secretsName);
  const key = join(folder, keyName);
  if (filesIn(secrets).length > 0 && saysMissing(lookAt(key).code)) {
    const advice = `Put it back from a backup; if it is lost, remove ${secrets} and store the secrets anew.`;
    return [problem(`${key} is missing; nobody can read the secrets of extensions without it.`, advice)];
  }
  if (process.platform === "win32") return [ok(`${folder} can be written.`)];
  const exposed = [key, ...filesIn(secrets)].filter((file) => (modeOf(file) & others) !== 0);
  const found = exposed.map((file) =>
    problem(`Others may get at the secrets in ${file}.`, `chmod 600 ${file}`),
  );
  if ((stat.mode & othersWrite) !== 0)
    return [
      ...found,
      problem(`Others may change what the host remembers in ${folder}.`, `chmod 700 ${folder}`),
    ];
  if ((stat.mode & others) !== 0)
    return [
      ...found,
      warning(`Others may read what the host remembers in ${folder}.`, `chmod 700 ${folder}`),
    ];
  return found.length > 0 ? found : [ok(`${folder} can be written, and is private.`)];
}

/** Whether the trusted keys can be used, and others can't get at them. @internal */
export function checkKeys(path: string): readonly Check[] {
  const { ok, problem } = checkNamed("keys");
  if (saysMissing(lookAt(path).code))
    return [ok("No keys are trusted yet: every signature counts as one of somebody unknown.")];
  const found = exposedKeys(path).map(({ file, exposure }) =>
    exposure === "can be changed"
      ? problem(`Others may change whom ${file} makes trusted.`, `chmod go-w ${file}`)
      : problem(
          `Others may read the secret key in ${file}.`,
          `chmod 600 ${file}, and revoke the key if they did`,
        ),
  );
  try {
    const { trusted } = readKeyRing(path);
    const keys = trusted.size === 1 ? "1 key is" : `${trusted.size} keys are`;
    return found.length > 0 ? found : [ok(`${keys} trusted, and nobody else can change that.`)];
  } catch (error) {
    const advice = "Correct or remove what is named; until then nothing is verified.";
    return [...found, problem(error instanceof Error ? error.message : `${path} can't be read.`, advice)];
  }
}

function filesIn(folder: string): readonly string[] {
  return (lookInto(folder).found ?? []).map(({ name }) => join(folder, name));
}

function modeOf(path: string): number {
  return lookAt(path).found?.mode ?? 0;
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
