/**
 * Sees to it that what a generation was made of is one state of the disk: its manifest and every file that it loaded
 * are looked at again before it serves. A whole version that is put in place meanwhile leaves it a mixture of two.
 */
import { sep } from "node:path";
import { ExtensionError } from "@plugboard/extension-api";
import { lookAt, saysMissing } from "../common/look-at.js";
import { manifestName } from "../manifest/identifier.js";
import type { Generation } from "./generation.js";
import type { LifecycleOptions } from "./lifecycle-options.js";
import type { ManagedExtension } from "./managed-extension.js";

/** An extension that writes into its own folder whenever it is loaded would never come up. */
const mostMixtures = 20;
/** So many files are named. */
const mostNamed = 10;

interface WholenessParts {
  readonly options: LifecycleOptions;
}

/** Refuses mixtures. @internal */
export class Wholeness {
  readonly #options: LifecycleOptions;

  constructor(parts: WholenessParts) {
    this.#options = parts.options;
  }

  /**
   * Rejects with `MODULE_CHANGED` unless the generation, which has come up, is of one piece; its folder is then looked
   * at again, which leads to another one.
   */
  async assert(extension: ManagedExtension, generation: Generation): Promise<void> {
    const { follower } = this.#options;
    if (generation.session === undefined) return;
    const files = extension.mixtures < mostMixtures ? await this.#changed(extension, generation) : [];
    if (files.length === 0) {
      extension.mixtures = 0;
      return;
    }
    extension.mixtures++;
    const { id, folder } = generation.description;
    follower.lookAgain(folder);
    const [file = ""] = files;
    const { code } = lookAt(file);
    // It may be unchanged, and can't be seen for a moment.
    const why = code === undefined || saysMissing(code) ? "" : ` ${file} can't be looked at: ${code}.`;
    throw new ExtensionError("MODULE_CHANGED", `${id} changed while it was being loaded.${why}`, {
      extensionId: id,
      details: { files: files.slice(0, mostNamed) },
    });
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
