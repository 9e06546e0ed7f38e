/**
 * The one table of error codes. Errors, Problems and the documentation page all read it.
 * Each row says what happened and what the reader can do about it.
 */

/** The meaning of a code, and what to do about it. @public */
export interface ErrorTableEntry {
  /** What happened, one sentence. */
  readonly summary: string;
  /** What the reader can do about it, one sentence. */
  readonly advice: string;
  /** True where it says of what lies in an extension's folder that it may not run, or not yet. */
  readonly refusesContent?: true;
}

const row = (summary: string, advice: string): ErrorTableEntry => ({ summary, advice });
const refusal = (summary: string, advice: string): ErrorTableEntry => ({
  summary,
  advice,
  refusesContent: true,
});

/** Every code that an {@link ExtensionError} or a {@link Problem} can carry. @public */
export const errorTable = {
  MANIFEST_MISSING: row(
    "The folder holds no plugin.json5.",
    "Add one, or move the folder elsewhere; plugboard create makes a whole extension in a new folder.",
  ),
  MANIFEST_UNREADABLE: row(
    "The manifest can't be read.",
    "Check that the file's permissions let the host read it.",
  ),
  MANIFEST_NOT_A_FILE: row("plugin.json5 is not a regular file.", "Replace it by a plain file."),
  MANIFEST_TOO_LARGE: row(
    "The manifest is larger than 256 KiB.",
    "Move data out of the manifest into files of its own.",
  ),
  MANIFEST_ENCODING: row("The manifest is not UTF-8 text.", "Save the file as UTF-8."),
  MANIFEST_SYNTAX: row("The manifest is not JSON5.", "Correct the syntax at the line and column shown."),
  MANIFEST_TOO_DEEP: row(
    "The manifest nests deeper than 64 levels.",
    "Flatten the value at the line and column shown.",
  ),
  MANIFEST_FORBIDDEN_KEY: row(
    "The manifest uses a key that could change the prototype of an object.",
    "Rename the key: __proto__, constructor and prototype are refused.",
  ),
  MANIFEST_DUPLICATE_KEY: row("The manifest names a key twice in one object.", "Remove one of the two."),
  MANIFEST_INVALID: row("A value of the manifest is not allowed.", "Change the value as the message says."),
  MANIFEST_UNKNOWN_KEY: row(
    "The manifest has a key that this host does not know.",
    "Check the key's spelling, or remove it.",
  ),
  MANIFEST_UNKNOWN_POINT: row(
    "The manifest contributes to a point that nobody has opened.",
    "Check the point's name, or install the extension that opens it.",
  ),
  MANIFEST_PATH: row(
    "A path in the manifest is missing or leads out of the extension's folder.",
    "Name a file inside the folder, starting with ./",
  ),
  MANIFEST_MAIN_MISSING: row(
    "The manifest contributes what only code can supply, and names no code.",
    "Add main with the path of the extension's code, or remove the contributions.",
  ),
  MANIFEST_INCOMPATIBLE: row(
    "The extension asks for another version of Plugboard.",
    "Change engines.plugboard, or use a host of a fitting version.",
  ),
  MANIFEST_HIDDEN_CHARACTER: row(
    "The manifest holds a character that can't be seen, or that shows text in another order than it is read.",
    "Remove it, or write it as an escape such as \\u200b if it is meant.",
  ),
  DISCOVERY_FOLDER_MISSING: row(
    "An extension folder does not exist.",
    "Create it, or name a folder that is there.",
  ),
  DISCOVERY_UNREADABLE: row(
    "A folder can't be read.",
    "Check that it is a folder, and that its permissions let the host list it.",
  ),
  DISCOVERY_DUPLICATE_ID: row(
    "Two folders declare the same extension id.",
    "Remove one of them, or give it another id; the first folder by precedence is used.",
  ),
  DISCOVERY_CASE_CLASH: row(
    "Two folder names differ only in case.",
    "Rename one of them: on a case-insensitive disk they are the same folder.",
  ),
  DISCOVERY_LINK_LOOP: row("A symbolic link leads back to a folder above it.", "Remove the link."),
  DISCOVERY_LINK_DANGLING: row(
    "A symbolic link leads nowhere.",
    "Create its target or remove the link; it is looked at again.",
  ),
  DISCOVERY_WATCH_LIMIT: row(
    "A limit of the system on watching files is used up; the host looks at folders from time to time instead.",
    "Raise the limit that the message names to follow changes at once; plugboard doctor tells by how much.",
  ),
  DISCOVERY_WATCH_FAILED: row("A folder can't be watched.", "Check the folder; the host goes on trying."),
  DEPENDENCY_MISSING: row(
    "An extension that this one depends on is not there.",
    "Install it, or remove the dependency.",
  ),
  DEPENDENCY_VERSION: row(
    "An extension that this one depends on has a version outside the range asked for.",
    "Install a fitting version, or widen the range.",
  ),
  DEPENDENCY_FAILED: row(
    "An extension that this one depends on is not running.",
    "Fix that extension; this one is started again by itself.",
  ),
  DEPENDENCY_CYCLE: row(
    "Extensions depend on each other in a circle.",
    "Remove one of the dependencies in the path named.",
  ),
  CONTRIBUTION_INVALID: row(
    "A contribution does not fit the schema of its point.",
    "Change the value as the message says.",
  ),
  CONTRIBUTION_DUPLICATE: row(
    "A manifest contributes the same id twice to one point.",
    "Give one of them another id.",
  ),
  CONTRIBUTION_SHADOWED: row(
    "Another extension already contributes this id to the point.",
    "Rename one of them; the first extension by precedence is used.",
  ),
  CONTRIBUTION_UNDECLARED: row(
    "An extension contributes an id that its manifest does not declare.",
    "Declare the id under contributes.",
  ),
  CONTRIBUTION_LATE: row(
    "An extension contributes after its activate has settled.",
    "Call contribute while activate runs.",
  ),
  CONTRIBUTION_MISSING: row(
    "An extension declares a contribution that its activate did not supply.",
    "Call context.contribute for it, or remove it from the manifest.",
  ),
  CONTRIBUTION_INCOMPLETE: row(
    "A contribution lacks a method that its point asks for.",
    "Add the method named.",
  ),
  CONTRIBUTION_POINT_TAKEN: row(
    "A contribution point of this id is already open.",
    "Open the point under another id.",
  ),
  ACTIVATION_EVENT_UNKNOWN: row(
    "The manifest waits for an activation event that nothing in this host fires.",
    "Check the event's name; leave it if the application or another extension fires it.",
  ),
  ACTIVATION_FAILED: row(
    "The extension's activate failed.",
    "Correct the error that activate threw, at the file and line shown; saving a file of the extension starts it again.",
  ),
  ACTIVATION_TIMEOUT: row(
    "The extension's activate did not settle in time.",
    "Do slow work after activate, or raise the limit.",
  ),
  ACTIVATION_ABORTED: row(
    "The activation was stopped.",
    "Nothing to do: the host was stopped or the folder changed.",
  ),
  DEACTIVATION_FAILED: row(
    "The extension's clean-up failed.",
    "Correct the error shown: deactivate threw it, or something in context.subscriptions that could not be disposed of.",
  ),
  DEACTIVATION_TIMEOUT: row(
    "The extension's deactivate did not settle in time.",
    "Do less in deactivate, or raise the limit.",
  ),
  MODULE_NOT_FOUND: row(
    "A module that the extension imports can't be found.",
    "Add the file, or install the package in the extension's folder.",
  ),
  MODULE_SYNTAX: row(
    "A file of the extension can't be parsed.",
    "Correct the syntax at the line and column shown.",
  ),
  MODULE_EXPORT_MISSING: row(
    "A module does not export a name that is imported from it.",
    "Check the name, or the version of the package.",
  ),
  MODULE_HIDDEN_CHARACTER: row(
    "A file of the extension holds a character that can't be seen, or that shows code in another order than it runs.",
    "Write it as an escape such as \\u200b if it is meant; in code of somebody else, look at the place before you trust it.",
  ),
  MODULE_CHANGED: row(
    "The files of an extension changed while they were being loaded.",
    "Put a new version in place in one step; the host tries again when its folder is quiet.",
  ),
  MODULE_UNSUPPORTED: row(
    "A file of the extension uses something that its runtime does not support.",
    "Change the code as the message says, or run the extension in a runtime that supports it.",
  ),
  MODULE_FAILED: row(
    "A file of the extension failed while it was loaded.",
    "Correct the error that the file threw, at the line shown; saving it loads the extension again.",
  ),
  MODULE_UNFIT: row(
    "A program of the extension can't run on this machine.",
    "Install what the message names, or build the program for this machine.",
  ),
  MODULE_CHECKSUM: row(
    "A program of the extension is not the one that its manifest vouches for.",
    "If it was changed on purpose, put its new checksum into the manifest; if not, install the extension afresh.",
  ),
  RUNTIME_UNKNOWN: row(
    "No runtime of the kind that the extension names is there.",
    "Check the kind, or install the extension that brings it.",
  ),
  RUNTIME_START_FAILED: row(
    "The runtime could not start the extension.",
    "Correct what the message names; plugboard doctor checks what workers and processes need of this machine.",
  ),
  RUNTIME_UNCONFINED: row(
    "What an extension may not do is not cut off on this machine.",
    "Install or enable what the message names, or run only extensions that you trust.",
  ),
  RUNTIME_FOREIGN_FILE: row(
    "The code at the other end of a channel told of a file that its extension may not read.",
    "Review the extension's code, since the host's own loader reports no such file; grant fs.read if it is meant to read it.",
  ),
  RUNTIME_PROTOCOL: row(
    "What runs the extension said something that nobody understands.",
    "Check that both sides have the same version of Plugboard, and that nothing else writes to the channel.",
  ),
  RUNTIME_HANDSHAKE: row(
    "A program did not say how it is to be reached.",
    "Check that it is a plugin of the kind named, that its cookie is the manifest's, and what it printed.",
  ),
  RUNTIME_VERSION: row(
    "A program and the host have no version of their protocol in common.",
    "Name the versions that the program serves in the manifest, or build the program for one of those named.",
  ),
  RUNTIME_UNREACHABLE: row(
    "A program that runs an extension can't be reached, or says that it can't serve.",
    "Read the extension's log (plugboard start shows it); if the program is attached, check that it runs and where it listens.",
  ),
  CALL_INVALID: row("A request to the host is not valid.", "Change the request as the message says."),
  CALL_UNKNOWN_TARGET: row(
    "The contribution has no such method, or its extension did not supply it.",
    "Check the id and the method.",
  ),
  CALL_FAILED: row(
    "A call failed in the extension.",
    "Correct the error that the method threw, at the file and line shown; programs find it as the error's cause.",
  ),
  CALL_TIMEOUT: row("A call did not settle in time.", "Make it faster, or give a larger timeoutMs."),
  CALL_CANCELLED: row("The caller cancelled the call.", "Nothing to do."),
  CALL_QUEUE_FULL: row(
    "Too many calls wait for the extension.",
    "Call less often, or find out why the extension does not start.",
  ),
  CALL_TOO_LARGE: row(
    "The arguments or the result of a call are larger than 16 MB, what occurs in several places counted in each.",
    "Pass a reference to the data, or pass it in pieces.",
  ),
  CALL_NOT_SERIALIZABLE: row(
    "The arguments or the result of a call hold something that can't leave its thread or process.",
    "Pass plain data: take the value at the path named out, or make data of it.",
  ),
  CONFIG_FUNCTION_FAILED: row(
    "A function that the application gave to the host failed when it was asked about the extension.",
    "Correct the function that the message names; the extension is not at fault.",
  ),
  CONFIG_FOREIGN: row(
    "A configuration file, state folder or socket in the current directory belongs to another user.",
    "If you trust that user, name it explicitly with --config or --state; or work in a folder of your own.",
  ),
  CONFIG_INVALID: row("A setting has a value that is not allowed.", "Change the value as the message says."),
  CONFIG_UNKNOWN_ID: row(
    "The configuration names an extension that is not there.",
    "Check the id: plugboard list shows those that are known; the entry has no effect until such an extension is there.",
  ),
  STATE_INVALID: row(
    "An extension's saveState returned, or its storage was given, something that is not plain data.",
    "Return { version, value } of plain data from saveState; store JSON data, without what is at the path named.",
  ),
  STATE_FAILED: row(
    "An extension's saveState failed.",
    "Correct the error that saveState threw, at the file and line shown; until then the version before goes on serving.",
  ),
  STATE_UNREADABLE: row(
    "A file of the state folder can't be read.",
    "Restore the file, or remove it to start afresh.",
  ),
  STATE_UNWRITABLE: row(
    "A file of the state folder can't be written.",
    "Make room on the disk, or correct the permissions of the state folder; what was stored before is still there.",
  ),
  STATE_BUSY: row(
    "Another process has kept a file of the state folder from being changed for too long.",
    "Try again; if it goes on, end the process named.",
  ),
  STATE_KEY_LOST: row(
    "The key of the secrets is missing, or is not the one that they were written with.",
    "Put the key file back from a backup; if it is lost, remove the secrets that need it and store them anew.",
  ),
  STATE_KEY_EXPOSED: row(
    "Others than its owner can use the key of the secrets.",
    "Set the mode of the file to 0600; if others may have read it, replace what is stored as secrets.",
  ),
  STATE_EXPOSED: row(
    "The host keeps its state where an extension can read it that is to be kept from it.",
    "Give the host a state folder outside the folders of extensions.",
  ),
  STATE_MODIFIED: row(
    "A file of secrets is not as a host has written it for this extension.",
    "Restore the file from a backup, or remove it and store its secrets anew.",
  ),
  ARCHIVE_UNREADABLE: row(
    "An archive, or a file that is to go into one, can't be read.",
    "Check the path and the file's permissions.",
  ),
  ARCHIVE_UNWRITABLE: row(
    "An archive, or what comes out of one, can't be written.",
    "Check free space and the folder's permissions.",
  ),
  ARCHIVE_DAMAGED: row("The archive is not a sound tar in gzip.", "Fetch or pack it again."),
  ARCHIVE_TRUNCATED: row("The archive ends before its content does.", "Fetch or pack it again."),
  ARCHIVE_TRAILING: row(
    "Something follows the end of the archive.",
    "Fetch or pack it again; don't trust this one.",
  ),
  ARCHIVE_PATH: row(
    "The archive holds a path that could lead out of the target.",
    "Don't install it; pack the extension with plugboard pack.",
  ),
  ARCHIVE_NAME: row(
    "The archive holds a name that some system can't have.",
    "Rename the file so that every system takes it.",
  ),
  ARCHIVE_LINK: row(
    "A link can't go into an archive, or come out of one.",
    "Put the file itself in the link's place, or name the link in .plugboardignore.",
  ),
  ARCHIVE_LINKED_PACKAGE: row(
    "A package that the extension needs is only linked into its folder, as pnpm and workspaces do.",
    "Bundle it into the extension's code and name node_modules in .plugboardignore; or install it as a real folder: node-linker=hoisted in .npmrc makes pnpm do so.",
  ),
  ARCHIVE_SECRET: row(
    "A file that would be packed looks like a secret.",
    "Move it out of the folder or name it in .plugboardignore; a line there that is ! and its path packs it all the same. If it was handed on before, make a new secret.",
  ),
  ARCHIVE_SPECIAL_FILE: row(
    "Something that is not a file can't go into an archive, or come out of one.",
    "Remove it, or name it in .plugboardignore.",
  ),
  ARCHIVE_DUPLICATE: row(
    "The archive holds a path twice.",
    "Don't install it; pack the extension with plugboard pack.",
  ),
  ARCHIVE_CASE_CLASH: row("Two names differ in a way that some disks don't see.", "Rename one of them."),
  ARCHIVE_TOO_MANY_ENTRIES: row(
    "The archive holds more than 10,000 entries.",
    "Leave files out with .plugboardignore, or bundle the extension's code.",
  ),
  ARCHIVE_TOO_LARGE: row(
    "The archive holds more than 200 MB.",
    "Leave files out with .plugboardignore, or fetch large data when it is needed.",
  ),
  ARCHIVE_RATIO: row(
    "The archive unpacks to more than a hundred times its size.",
    "Don't install it; in an extension of your own, leave out what repeats itself so much.",
  ),
  ARCHIVE_LAYOUT: row(
    "The archive does not hold one folder with an extension in it.",
    "Pack the extension with plugboard pack.",
  ),
  ARCHIVE_TARGET: row(
    "An archive can only be unpacked into an empty folder.",
    "Name another folder, or empty this one.",
  ),
  ARCHIVE_CHANGED: row("A file changed while it was packed.", "Pack again when nobody writes to the folder."),
  ARCHIVE_FILE_MISSING: row(
    "A file that the manifest names would not be packed.",
    "Take it back with a line in .plugboardignore that starts with !",
  ),
  ARCHIVE_DEPENDENCY_MISSING: row(
    "A package that the extension depends on is not installed in its folder.",
    "Run npm install there, or bundle the package into the extension's code.",
  ),
  TRUST_KEY_EXPOSED: row(
    "Others than its owner can use a secret key's file.",
    "Set its mode to 0600; if others may have read it, make a new key and revoke this one.",
  ),
  TRUST_KEY_UNREADABLE: refusal(
    "A key, or a list of keys, can't be read.",
    "Check the path and its permissions.",
  ),
  TRUST_KEY_UNWRITABLE: row(
    "A key's file can't be written, or is there already.",
    "Name a file that is not there yet, in a folder that is; keys are never overwritten.",
  ),
  TRUST_KEY_INVALID: refusal(
    "A file does not hold the key it should.",
    "Make one with plugboard keys create.",
  ),
  TRUST_RING_INVALID: refusal(
    "An endorsement or a list of revoked keys is not sound.",
    "Correct or remove the file; as long as it is there, no key is trusted.",
  ),
  TRUST_MODIFIED: refusal(
    "The files are not those that were signed, or the signature is not sound.",
    "Don't use it: fetch it again from whom you trust.",
  ),
  TRUST_CHANGED: refusal(
    "A file is not what it was when its extension was trusted.",
    "Restore the file, or review what changed and trust it: plugboard trust <id>.",
  ),
  TRUST_REVOKED: refusal(
    "The key that signed has been revoked.",
    "Don't use it: ask its author for one that is signed with a new key.",
  ),
  TRUST_EXPIRED: refusal("The signature has expired.", "Ask its author for one that is signed anew."),
  TRUST_UNSIGNED: refusal(
    "Nobody has signed it.",
    "Ask its author to sign it, or install without --verified.",
  ),
  TRUST_UNKNOWN_KEY: refusal(
    "Nobody here trusts the key that signed.",
    "Check the key with its author; then put the public key into the folder of trusted keys.",
  ),
  TRUST_LESS: refusal(
    "A verified version would be replaced by one that is not.",
    "Ask its author to sign it, or uninstall the extension first.",
  ),
  CREATE_OCCUPIED: row(
    "A new extension is to be made where something is already.",
    "Name a folder that does not exist, or one that is empty.",
  ),
  CREATE_UNWRITABLE: row(
    "A new extension can't be written.",
    "Check free space and the folder's permissions.",
  ),
  TRUST_WIDER: refusal(
    "A new version asks for more than what was agreed to.",
    "Review what it asks for and agree with plugboard trust <id>; until then the version before keeps running.",
  ),
  TRUST_OLDER: refusal(
    "A version is older than the one that was trusted.",
    "Put the newer one back, or allow this one with plugboard trust <id> --pin.",
  ),
  TRUST_CONTENT: refusal(
    "What an extension consists of can't be told, and so it can't be trusted.",
    "Put files in the place of links, or pack the folder and install the archive.",
  ),
  TRUST_CONSENT: row(
    "Somebody has to agree to what an extension asks for.",
    "Review what it asks for, and repeat the command with --yes to agree.",
  ),
  TRUST_LOCK_MISSING: refusal(
    "The lockfile does not list the extension.",
    "Remove the extension, or run plugboard lock to list it.",
  ),
  TRUST_LOCK_DIFFERS: refusal(
    "An extension is not what the lockfile says.",
    "Restore the locked version, or run plugboard lock to accept the change.",
  ),
  TRUST_LOCK_INVALID: refusal(
    "The lockfile can't be relied on, and so nothing that it should list runs.",
    "Restore it from where it was written, or write it anew with plugboard lock.",
  ),
  TRUST_LOCK_UNWRITABLE: row("The lockfile can't be written.", "Check free space and permissions."),
  INSTALL_OCCUPIED: row(
    "Something that plugboard did not install has the extension's place or id.",
    "Move or remove the folder named, then install again.",
  ),
  INSTALL_OLDER: row(
    "An older version would replace a newer one.",
    "Use rollback for the version before, or --allow-older if you mean it.",
  ),
  INSTALL_MISSING: row(
    "The extension was not installed here by plugboard.",
    "Check the id and --extensions; a folder put there by hand is changed by hand.",
  ),
  INSTALL_NO_PREVIOUS: row("No earlier version is kept.", "Install the version that you want."),
  INSTALL_CHANGED: row(
    "The source changed while it was installed.",
    "Install again when nobody writes to it.",
  ),
  INSTALL_BUSY: row(
    "Another process has been installing into the same folder for very long.",
    "See whether the process named still works; end it if it does not, then try again.",
  ),
  INSTALL_DEPENDENCY: row(
    "An extension depends on another, and no version that fits is installed or comes from the same source.",
    "Install the other one first, or put one that fits where the extension comes from.",
  ),
  INSTALL_UNAPPROVED: row(
    "More than what was named would change.",
    "Review what would be installed, and repeat the command with --yes.",
  ),
  INSTALL_HELD: row(
    "An installed extension could not use the newer version.",
    "Update the extension that depends on it, or uninstall it.",
  ),
  INSTALL_ROLLED_BACK: row(
    "A newer version was rolled back before.",
    "An update takes the next one by itself; plugboard update --again takes this one.",
  ),
  INSTALL_DAMAGED: row(
    "What was installed has been changed or is gone.",
    "Install the extension again from where it came; that replaces what is damaged. Or uninstall it.",
  ),
  INSTALL_NOT_BUNDLED: row(
    "A package that the extension needs at run time is not in its archive.",
    "Ask its author to pack it with plugboard pack, or to name it under bundleDependencies: installing fetches no packages.",
  ),
  INSTALL_SOURCE_UNKNOWN: row(
    "It is not known where an installed extension came from.",
    "Install it again from where its updates are to come from.",
  ),
  INSTALL_UNWRITABLE: row(
    "The folder of extensions can't be changed.",
    "Check free space and the folder's permissions.",
  ),
  SOURCE_WORDS: row(
    "What is named is no folder, archive, package or address.",
    "Name a path, a package such as @acme/english@^1.2, or an address that starts with https.",
  ),
  SOURCE_INSECURE: row(
    "Extensions are not fetched over plain http.",
    "Use an https address; plain http is for this machine only.",
  ),
  SOURCE_UNREACHABLE: row(
    "The server does not answer, or not as it should.",
    "Check the address and the network; behind a proxy set HTTPS_PROXY.",
  ),
  SOURCE_TIMEOUT: row("The server took too long.", "Try again later, or fetch the archive by other means."),
  SOURCE_CERTIFICATE: row(
    "The server's certificate is not trusted.",
    "If the server is your own, name its authority's certificate in NODE_EXTRA_CA_CERTS.",
  ),
  SOURCE_FORBIDDEN: row(
    "The server asks who you are, or does not let you in.",
    "Put a token for it into your .npmrc: npm login does so for a registry.",
  ),
  SOURCE_REDIRECT: row("The server leads on too many times.", "Use the address at which the file lies."),
  SOURCE_TOO_NEW: row(
    "A version of a package is newer than npm's min-release-age or before lets it be.",
    "Wait, or name an older version; --now takes it all the same, and min-release-age-exclude exempts packages that you trust.",
  ),
  SOURCE_MISSING: row(
    "There is no such package, version or file.",
    "Check the name, the range and the address.",
  ),
  SOURCE_INVALID: row(
    "What the source says can't be used.",
    "Report it to whoever runs the source; until it is fixed, install from an archive.",
  ),
  SOURCE_INTEGRITY: row(
    "What was downloaded is not what was promised.",
    "Don't use it: compare the integrity with its author's; if it is right, somebody has changed the file.",
  ),
  SOURCE_TOO_LARGE: row(
    "A download is larger than what is taken.",
    "Check the address; an archive has at most 200 MB.",
  ),
  SOURCE_UNWRITABLE: row(
    "A download can't be written.",
    "Check free space in the system's temporary folder, or name another with TMPDIR.",
  ),
  SOURCE_CONFIG: row(
    "npm's configuration can't be read, or names no registry.",
    "Check the file and its permissions; name a registry in .npmrc or in NPM_CONFIG_REGISTRY.",
  ),
  CAPABILITY_DENIED: row(
    "The extension uses something that its manifest does not declare.",
    "Add the line named to its plugin.json5.",
  ),
  CAPABILITY_UNGRANTED: row(
    "The extension asks for something that the application does not grant.",
    "Grant it under grants in the host's configuration, or remove it from the extension's manifest.",
  ),
  SERVICE_UNKNOWN: row(
    "The manifest lists a host service that this application does not offer.",
    "Check the id; the application that the extension is for offers the service with the option services.",
  ),
  EXTENSION_GONE: row("The extension is no longer there.", "Look the contribution up again."),
  EXTENSION_CRASHED: row(
    "The extension's runtime ended unexpectedly.",
    "Read the extension's log and plugboard explain <id> for where it crashed; it is started again by itself unless it crashes too often.",
  ),
  CRASHED_TOO_OFTEN: row(
    "The extension crashed too often and is not started again by itself.",
    "Fix what makes it crash: a change of its files starts it again. So do retry, enable, reload and activate.",
  ),
  EXTENSION_UNRESPONSIVE: row(
    "The extension does not answer.",
    "Let its code await something at the place named, or do less there.",
  ),
  EXTENSION_UNKNOWN: row(
    "No extension of this id is known.",
    "Check the id: plugboard list shows those that are known.",
  ),
  UNTRUSTED: refusal(
    "The host runs what somebody trusts, and nobody has trusted these files.",
    "Review the files; plugboard trust <id> lets them run.",
  ),
  EXTENSION_DISABLED: row("The extension is disabled.", "Enable it first."),
  HOST_FILES_MISSING: row(
    "The code of the host was put into another file, without the files that it needs.",
    "Leave @plugboard/core out of the bundle, as a package that is installed beside it: mark it as external.",
  ),
  HOST_STOPPED: row("The host has been stopped.", "Create and start a new host."),
  CONTROL_INVALID: row(
    "A command for a host can't be understood.",
    "Send one JSON object a line, with one command and a ref; the message names what is wrong.",
  ),
  CONTROL_BUSY: row(
    "A host is asked more at once than it answers.",
    "Wait for answers before asking more, and close connections that are not needed.",
  ),
  CONTROL_MISSING: row(
    "No host runs that could be asked.",
    "Start one with plugboard start, or name the state folder of one that runs with --state.",
  ),
  CONTROL_CLOSED: row(
    "The connection to a host has ended.",
    "See whether the host still runs, and attach again.",
  ),
  CONTROL_SILENT: row(
    "A host does not answer.",
    "It may be stopped or in a loop: look at its process, or use --alone to do without it.",
  ),
  CONTROL_FOREIGN: row(
    "What lies in a host's place is somebody else's.",
    "Run the command as the user whose host it is, or name another state folder.",
  ),
  CONTROL_VERSION: row(
    "A host speaks another version of the control protocol.",
    "Use the plugboard that the host was started with, or start the host anew.",
  ),
  INTERNAL: row(
    "The host failed because of a mistake of its own.",
    "Report it as a bug of Plugboard, with the whole message and stack.",
  ),
} as const satisfies Record<string, ErrorTableEntry>;

/** A code of {@link errorTable}. @public */
export type ErrorCode = keyof typeof errorTable;
