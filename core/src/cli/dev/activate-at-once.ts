/** Activates extensions as soon as they can be, so that an author sees on save what a call would find out later. */
import type { Disposable, ExtensionHost, ExtensionInfo } from "../../index.js";

/** Activates what lies in the folders now and from then on, after every change. @internal */
export function activateAtOnce(host: ExtensionHost, folders: readonly string[]): Disposable {
  const activate = ({ id, state, folder }: ExtensionInfo) => {
    if (id === undefined || state !== "ready" || !folders.includes(folder)) return;
    // How it fails is an event of its own.
    host.activate(id).catch(() => undefined);
  };
  let isListed = false;
  void host.listed.then(() => {
    isListed = true;
    for (const info of host.extensions) activate(info);
  });
  return host.extensions.onDidChange(({ kind, id }) => {
    if (!isListed || id === undefined || (kind !== "added" && kind !== "changed")) return;
    const info = host.extensions.get(id);
    if (info !== undefined) activate(info);
  });
}
