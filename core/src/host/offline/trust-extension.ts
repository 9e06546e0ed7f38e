/** Trusts extensions, and locks them, where no host is at hand: through files that hosts follow. */
import { resolve } from "node:path";
import { ExtensionError, type Problem } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import {
  decide,
  refusalToTrust,
  unsoundness,
  widening,
  type ExaminedContent,
  type TrustDecision,
} from "../../trust/decision.js";
import { entryOf, writeLockfile, type LockedExtension } from "../../trust/lockfile.js";
import { readSigningKey } from "../../trust/signing-key.js";
import { ContentExaminer } from "../trust/content-examiner.js";
import { hiddenInFolder } from "../../manifest/hidden-in-folder.js";
import type { ExtensionFolders } from "../face/extension-folders.js";
import type { SignatureInfo } from "../face/extension-host.js";
import { listedExtension, listedExtensions } from "./listed-extensions.js";
import { signatureInfo } from "../trust/signature-info.js";
import { StateFolder } from "../state/state-folder.js";
import { TrustDecisions } from "../trust/trust-decisions.js";

/** Which hosts are concerned. @public */
export interface TrustOptions extends ExtensionFolders {
  /** Where they keep their state. */
  readonly stateFolder: string;
}

/** A request for somebody's trust: all that there is to agree to. @public */
export interface TrustProposal {
  /** Which extension. */
  readonly id: string;
  /** The version that lies there now. */
  readonly version: string;
  /** Its folder. */
  readonly folder: string;
  /** Its files and their signature. */
  readonly signature: SignatureInfo;
  /** What it asks for. */
  readonly capabilities: readonly string[];
  /** What of it has not been agreed to before. */
  readonly wider: readonly string[];
  /** The version that was trusted before. */
  readonly before?: string;
  /** Characters in its manifest and its entry file that nobody sees. */
  readonly problems: readonly Problem[];
}

/** The result of trusting an extension. @public */
export interface TrustedExtension extends TrustProposal {
  /** Whether it may run. */
  readonly trusted: boolean;
  /** Whether only these files may. */
  readonly pinned: boolean;
  /** Whether that is new. */
  readonly changed: boolean;
}

/**
 * Lets the files of an extension run in every host that keeps its state in the folder and asks for trust: one that
 * runs and watches obeys within a second, others when they start. Runs no code of extensions.
 *
 * @throws ExtensionError `EXTENSION_UNKNOWN`; `TRUST_MODIFIED`, `TRUST_REVOKED`, `TRUST_EXPIRED`, `TRUST_CONTENT`,
 *   `TRUST_OLDER` unless `isPinned`; `STATE_UNREADABLE`, `STATE_UNWRITABLE`
 * @public
 */
export async function trustExtension(
  id: string,
  options: TrustOptions & {
    /** A folder of trusted keys, or one public key's file; nobody is trusted without. */
    readonly keys?: string | undefined;
    /** Lets an older version run, and no other until it is trusted. */
    readonly isPinned?: boolean | undefined;
    /** Asked before anything is remembered; all is agreed to unless given. */
    readonly agree?: ((proposal: TrustProposal) => Promise<boolean>) | undefined;
  },
): Promise<TrustedExtension> {
  const { keys, isPinned = false, agree } = options;
  const description = await listedExtension(id, options);
  const content = await new ContentExaminer(keys).examine(description);
  const decisions = new TrustDecisions(new StateFolder(resolve(options.stateFolder)));
  const before = decisions.read().get(id);
  const refusal = refusalToTrust(content, before, { isPinned });
  if (refusal !== undefined) throw new ExtensionError(refusal.code, refusal.message, { extensionId: id });
  const proposal = proposalOf(content, before, description);
  const decision = decide(content, before, { isPinned });
  const isKnown =
    before?.digest === decision.digest &&
    before.key === decision.key &&
    (before.isPinned ?? false) === isPinned;
  if (isKnown) return { ...proposal, trusted: true, pinned: isPinned, changed: false };
  if (agree !== undefined && !(await agree(proposal)))
    return { ...proposal, trusted: false, pinned: false, changed: false };
  await decisions.decide(id, decision);
  return { ...proposal, trusted: true, pinned: isPinned, changed: true };
}

/**
 * Takes the trust in an extension back; hosts that ask for trust take it down.
 *
 * @throws ExtensionError `EXTENSION_UNKNOWN` if no folder holds it and nobody trusted it, `STATE_UNREADABLE`,
 *   `STATE_UNWRITABLE`
 * @public
 */
export async function untrustExtension(
  id: string,
  options: TrustOptions,
): Promise<Pick<TrustedExtension, "id" | "trusted" | "changed">> {
  const decisions = new TrustDecisions(new StateFolder(resolve(options.stateFolder)));
  const wasTrusted = decisions.read().has(id);
  if (wasTrusted) await decisions.decide(id, undefined);
  else await listedExtension(id, options);
  return { id, trusted: false, changed: wasTrusted };
}

/** The lockfile that {@link lockExtensions} wrote. @public */
export interface WrittenLockfile {
  /** Where. */
  readonly file: string;
  /** What may run, by id. */
  readonly extensions: Readonly<Record<string, LockedExtension>>;
  /** Names the key that signed it. */
  readonly key?: string;
}

/**
 * Writes a lockfile of the extensions that lie in the folders now, but not of those under development.
 *
 * @throws ExtensionError `TRUST_MODIFIED`, `TRUST_REVOKED`, `TRUST_EXPIRED`, `TRUST_CONTENT` for what should not be
 *   locked; `TRUST_LOCK_INVALID` when hosts with these keys would not take it; `TRUST_LOCK_UNWRITABLE`, `TRUST_KEY_*`
 * @public
 */
export async function lockExtensions(
  options: Pick<TrustOptions, "extensionFolders"> & {
    /** Where to write it. */
    readonly lockfile: string;
    /** The keys that the hosts concerned trust. */
    readonly keys?: string | undefined;
    /** File of a secret key to sign it with; hosts that have keys want it signed by one of them. */
    readonly key?: string | undefined;
  },
): Promise<WrittenLockfile> {
  const { keys, lockfile } = options;
  const key = options.key === undefined ? undefined : readSigningKey(options.key);
  if (keys !== undefined && key === undefined) {
    const message = "A host that has keys takes only a lockfile that one of them has signed.";
    throw new ExtensionError("TRUST_LOCK_INVALID", message);
  }
  const examiner = new ContentExaminer(keys);
  const lock = new Map<string, LockedExtension>();
  for (const [id, description] of await listedExtensions({ ...options, developmentFolders: [] })) {
    const content = await examiner.examine(description);
    const refusal = unsoundness(content);
    if (refusal !== undefined) throw new ExtensionError(refusal.code, refusal.message, { extensionId: id });
    lock.set(id, entryOf(content));
  }
  const file = resolve(lockfile);
  await writeLockfile(file, lock, key);
  return { file, extensions: Object.fromEntries(lock), ...(key === undefined ? {} : { key: key.public.id }) };
}

function proposalOf(
  content: ExaminedContent,
  before: TrustDecision | undefined,
  { folder, manifest }: ExtensionDescription,
): TrustProposal {
  const { id, version, rights } = content;
  return {
    id,
    version,
    folder,
    signature: signatureInfo(content),
    capabilities: rights,
    wider: widening(content, before),
    ...(before === undefined ? {} : { before: before.version }),
    problems: hiddenInFolder(folder, manifest.main),
  };
}
