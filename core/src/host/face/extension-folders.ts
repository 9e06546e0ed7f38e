/** Where extensions are looked for: by hosts, and by commands for the hosts concerned. */

/** Where extensions are looked for. @public */
export interface ExtensionFolders {
  /** Folders whose children are extensions; an earlier one wins a clash. A host waits for those that are missing. */
  readonly extensionFolders?: readonly string[];
  /** Folders each of which is one extension; they win over all others. */
  readonly developmentFolders?: readonly string[];
}
