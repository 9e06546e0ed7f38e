/**
 * Sees to it that what a generation was made of is one state of the disk: its manifest and every file that it loaded
 * are looked at again before it serves. A whole version that is put in place meanwhile leaves it a mixture of two.
 */
import { ExtensionError } from "@plugboard/extension-api";
import type { Generation } from "./generation.js";
import type { LifecycleOptions } from "./lifecycle-options.js";
import type { ManagedExtension } from "./managed-extension.js";

/** An extension that writes into its own folder whenever it is loaded would never come up. */
const mostMixtures = 20;

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
    if (extension.mixtures >= mostMixtures || (await this.#isWhole(extension, generation))) {
      extension.mixtures = 0;
      return;
    }
    extension.mixtures++;
    const { id, folder } = generation.description;
    follower.lookAgain(folder);
    throw new ExtensionError("MODULE_CHANGED", `${id} changed while it was being loaded.`, {
      extensionId: id,
    });
  }

  async #isWhole({ broken }: ManagedExtension, generation: Generation): Promise<boolean> {
    const { follower } = this.#options;
    if ((await follower.changedFiles(generation)).length > 0) return false;
    // While the manifest is known to be broken, the last good one counts.
    return broken !== undefined || follower.isAsDescribed(generation.description);
  }
}
