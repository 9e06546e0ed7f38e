/** Keeps what a host tells of its extensions up to date with its events. */
import type { ControlEvent, ExtensionListing, ExtensionRecord } from "./host-control.js";

/**
 * What {@link HostControl.list} tells after the event, given what it told before. Events that change nothing of it give the
 * same object. The order of extensions is kept by those who stay; newcomers stand at the end until the next snapshot.
 *
 * @public
 */
export function foldEvents(listing: ExtensionListing, event: ControlEvent): ExtensionListing {
  if (event.event === "snapshot") return { extensions: event.extensions, problems: event.problems };
  if (event.event === "problems") return { ...listing, problems: event.problems };
  if (!("extension" in event)) return listing;
  const { folder, extension } = event;
  const index = listing.extensions.findIndex((known) => known.folder === folder);
  if (index === -1 && extension === null) return listing;
  return { ...listing, extensions: replaced(listing.extensions, index, extension) };
}

function replaced(
  extensions: readonly ExtensionRecord[],
  index: number,
  extension: ExtensionRecord | null,
): readonly ExtensionRecord[] {
  const added = extension === null ? [] : [extension];
  return index === -1
    ? [...extensions, ...added]
    : [...extensions.slice(0, index), ...added, ...extensions.slice(index + 1)];
}
