/**
 * Sees to it that what a generation was made of is one state of the disk: its manifest and every file that it loaded
 * are looked at again before it serves. A whole version that is put in place meanwhile leaves it a mixture of two.
 */
import { relative, sep } from "node:path";
import { ExtensionError, type Problem } from "@plugboard/extension-api";
import { lookAt, saysMissing } from "../../common/look-at.js";
import { manifestName } from "../../manifest/identity.js";
import type { Generation } from "../extension/generation.js";
import type { LifecycleOptions } from "../base/lifecycle-options.js";
import type { ManagedExtension } from "../extension/managed-extension.js";

/** An extension that writes into its own folder whenever it is loaded would never come up. */
const mostMixtures = 20;
/** So many files are named. */
const mostNamed = 10;

/** Refuses mixtures. @internal */
export class MixtureGuard {
  readonly #options: LifecycleOptions;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /**
   * Rejects with `MODULE_CHANGED` unless the generation, which has come up, is of one piece; its folder is then looked
   * at again, which leads to another one. After many in a row one is let through all the same, and what changed is told: a
   * folder that never rests, or an extension that writes to itself, would never be served.
   */
  async assert(extension: ManagedExtension, generation: Generation): Promise<void> {
    if (generation.session === undefined) return;
    const files = await this.#changed(extension, generation);
    if (files.length === 0 || extension.mixtures >= mostMixtures) {
      extension.mixtures = 0;
      const problems = files.map((file) => restlessProblem(generation, file));
      generation.problems = [...generation.problems, ...problems];
      return;
    }
    extension.mixtures++;
    const { id, folder } = generation.description;
    this.#options.follower.lookAgain(folder);
    const names = files.slice(0, mostNamed);
    throw new ExtensionError(
      "MODULE_CHANGED",
      `${id} changed while it was being loaded: ${names.map((file) => nameIn(folder, file)).join(", ")}${files.length > names.length ? " and others" : ""}.`,
      { extensionId: id, details: { files: names } },
    );
  }

  /** The files that are no longer what they were. */
  async #changed({ broken }: ManagedExtension, generation: Generation): Promise<readonly string[]> {
    const { follower } = this.#options;
    const files = await follower.changedFiles(generation);
    // While the manifest is known to be broken, the last good one counts.
    if (files.length > 0 || broken !== undefined) return files;
    const { description } = generation;
    return follower.isAsDescribed(description) ? [] : [description.folder + sep + manifestName];
  }
}

/** The path within the folder, and why the file can't be seen: it may be unchanged. */
function nameIn(folder: string, file: string): string {
  const name = relative(folder, file);
  const { code } = lookAt(file);
  return code === undefined || saysMissing(code) ? name : `${name} (can't be looked at: ${code})`;
}

function restlessProblem({ description: { id, folder } }: Generation, file: string): Problem {
  const name = nameIn(folder, file);
  return {
    code: "MODULE_CHANGED",
    severity: "warning",
    file,
    message: `${name} changed while ${id} was loaded, as something has each time of many, so nobody can tell whether all of it is of one version. If the extension writes the file, let it write to context.storage, or to a file that it does not load.`,
    extensionId: id,
  };
}
