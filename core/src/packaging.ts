/**
 * What packs, signs, verifies, installs and trusts extensions: the index of `@plugboard/core/packaging`. Apart from the
 * host, so that an application which only runs extensions loads none of it.
 */
export { defaultArchiveLimits, type ArchiveLimits } from "./archive/archive-limits.js";
export type { ExtensionIdentity } from "./archive/extension-identity.js";
export type { ListedFile } from "./archive/file-list.js";
export { packExtension, type PackedExtension, type PackOptions } from "./archive/pack-extension.js";
export type { ArchiveProgress } from "./archive/read-archive.js";
export type { ExtensionFolders } from "./host/face/extension-folders.js";
export type { SignatureInfo } from "./host/face/extension-host.js";
export {
  lockExtensions,
  trustExtension,
  untrustExtension,
  type TrustedExtension,
  type TrustOptions,
  type TrustProposal,
  type WrittenLockfile,
} from "./host/offline/trust-extension.js";
export { heldExtensions, type HeldExtension } from "./install/held-extensions.js";
export {
  installExtension,
  rollbackExtension,
  uninstallExtension,
  type ChangeOptions,
  type Installation,
} from "./install/install-extension.js";
export type {
  InstalledExtension,
  InstallOptions,
  InstallPlan,
  InstallProgress,
  LeftBehind,
  PassedOver,
  PlannedExtension,
} from "./install/installer.js";
export { updateExtensions, type UpdateOptions, type UpdateOutcome } from "./install/update-extensions.js";
export type { FileChanges, Signer, TrustState, TrustVerdict } from "./trust/judge.js";
export type { LockedExtension } from "./trust/lockfile.js";
export type { RevokedKey } from "./trust/key-ring.js";
export { endorseKey, revokeKey } from "./trust/key-succession.js";
export { signArchive, type SignedArchive, type SignOptions } from "./trust/sign-archive.js";
export { createSigningKey, type KeyFiles } from "./trust/signing-key.js";
export { verifyExtension, type VerifiedExtension, type VerifyOptions } from "./trust/verify-extension.js";
