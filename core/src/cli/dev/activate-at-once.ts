/** Activates extensions as soon as they can be, so that an author sees on save what a call would find out later. */
import type { Disposable, ExtensionHost } from "../../index.js";

/** Activates what lies in the folders now and from then on, after every change. @internal */
export function activateAtOnce(host: ExtensionHost, folders: readonly string[]): Disposable {
  let look: NodeJS.Immediate | undefined;
  const activate = () => {
    look = undefined;
    for (const { id, state, folder } of host.extensions) {
      if (id === undefined || state !== "ready" || !folders.includes(folder)) continue;
      // How it fails is an event of its own.
      host.activate(id).catch(() => undefined);
    }
  };
  // Whatever happens to one extension may be what another waited for, of which no event tells.
  const lookSoon = () => void (look ??= setImmediate(activate));
  const listener = host.extensions.onDidChange(lookSoon);
  return {
    dispose: () => {
      listener.dispose();
      clearImmediate(look);
    },
  };
}
