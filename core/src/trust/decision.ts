/**
 * Which content may run: what somebody decided about an extension, and what follows from it for the files that
 * lie there now. Pure.
 * Invariant: content that nobody decided about is admitted only as an update that the trusted signer of the
 * version before has signed, and that is not older and asks for nothing more.
 */
import type { ErrorCode } from "@plugboard/extension-api";
import compare from "semver/functions/compare.js";
import { isRecord } from "../common/is-record.js";
import { isExtensionVersion } from "../manifest/identity.js";
import type { TrustVerdict } from "./judge.js";

/** Somebody's decision about an extension. @internal */
export interface TrustDecision {
  readonly version: string;
  /** Names the files that may run. */
  readonly digest: string;
  /** What was agreed to, as `askedRights` lists it. */
  readonly rights: readonly string[];
  /** The newest version that was ever trusted. */
  readonly newest: string;
  /** The trusted key on which the signature rested; absent if it was not verified. */
  readonly key?: string | undefined;
  /** Whether these files alone may run, whoever signs others. */
  readonly isPinned?: boolean | undefined;
}

/** An extension's files, as far as a decision is about them. @internal */
export interface ExaminedContent {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly rights: readonly string[];
  readonly verdict: TrustVerdict;
}

/** The reason why content may not run. @internal */
export interface Refusal {
  readonly code: Extract<ErrorCode, "UNTRUSTED" | `TRUST_${string}`>;
  readonly message: string;
}

/** The outcome for content: it may run, perhaps by a decision that is to be remembered, or it may not. @internal */
export type Admission =
  | { readonly kind: "admitted"; readonly decision: TrustDecision }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Says whether the content may run by what was decided before. @internal */
export function admit(content: ExaminedContent, decision: TrustDecision | undefined): Admission {
  const { id, version, digest, verdict } = content;
  const refuse = (code: Refusal["code"], message: string): Admission => ({
    kind: "refused",
    refusal: { code, message },
  });
  const unsound = unsoundness(content);
  // Whoever trusted the files themselves needs no signature, but a revoked key speaks against them.
  if (decision?.digest === digest && unsound?.code !== "TRUST_REVOKED") return { kind: "admitted", decision };
  if (unsound !== undefined) return { kind: "refused", refusal: unsound };
  if (decision === undefined)
    return refuse("UNTRUSTED", `Nobody has trusted ${id} ${version}. ${verdict.message}`);
  const older = olderThan(content, decision);
  if (older !== undefined) return { kind: "refused", refusal: older };
  if (decision.isPinned === true)
    return refuse("UNTRUSTED", `${id} is pinned to the files of ${decision.version}; ${version} waits.`);
  if (decision.key !== undefined && verdict.state !== "verified") {
    const code = verdict.state === "unsigned" ? "TRUST_LESS" : "TRUST_UNKNOWN_KEY";
    return refuse(code, `${id} ${decision.version} was verified, ${version} is not: ${verdict.message}`);
  }
  const wider = widening(content, decision);
  if (wider.length > 0) {
    const message = `${id} ${version} asks for more than ${decision.version}: ${wider.join(", ")}.`;
    return refuse("TRUST_WIDER", message);
  }
  if (decision.key !== undefined && trustedKeyOf(verdict) === decision.key)
    return { kind: "admitted", decision: decide(content, decision, {}) };
  const message = `The files of ${id} ${version} are not those of ${decision.version} that were trusted. ${verdict.message}`;
  return refuse("UNTRUSTED", message);
}

/** The decision that these files may run; what was known of newer versions stays. @internal */
export function decide(
  { version, digest, rights, verdict }: ExaminedContent,
  before: TrustDecision | undefined,
  { isPinned = false }: { readonly isPinned?: boolean | undefined },
): TrustDecision {
  const isNewest = before === undefined || compare(version, before.newest) > 0;
  const key = trustedKeyOf(verdict);
  return {
    version,
    digest,
    rights,
    newest: isNewest ? version : before.newest,
    ...(key === undefined ? {} : { key }),
    ...(isPinned ? { isPinned } : {}),
  };
}

/** The rights that content asks for beyond those agreed to. @internal */
export function widening(
  { rights }: Pick<ExaminedContent, "rights">,
  decision: TrustDecision | undefined,
): readonly string[] {
  return rights.filter((right) => decision?.rights.includes(right) !== true);
}

/** The reason why nobody can trust the content now; an older version can be pinned. @internal */
export function refusalToTrust(
  content: ExaminedContent,
  before: TrustDecision | undefined,
  { isPinned }: { readonly isPinned: boolean },
): Refusal | undefined {
  return unsoundness(content) ?? (isPinned ? undefined : olderThan(content, before));
}

/** That a newer version has been trusted before. */
function olderThan(
  { id, version }: ExaminedContent,
  decision: TrustDecision | undefined,
): Refusal | undefined {
  if (decision === undefined || compare(version, decision.newest) >= 0) return undefined;
  const message = `${id} ${version} is older than ${decision.newest}, which was trusted.`;
  return { code: "TRUST_OLDER", message };
}

/** That nobody should trust the content: its signature speaks against it. @internal */
export function unsoundness({ id, version, verdict }: ExaminedContent): Refusal | undefined {
  const message = `${id} ${version}: ${verdict.message}`;
  if (verdict.state === "modified") return { code: "TRUST_MODIFIED", message };
  if (verdict.state === "revoked") return { code: "TRUST_REVOKED", message };
  if (verdict.state === "expired") return { code: "TRUST_EXPIRED", message };
  return undefined;
}

/** Reads a decision; undefined for what is none. @internal */
export function parseDecision(value: unknown): TrustDecision | undefined {
  if (!isRecord(value)) return undefined;
  const { version, digest, rights, newest, key, isPinned } = value;
  if (typeof version !== "string" || typeof digest !== "string") return undefined;
  if (!isExtensionVersion(newest)) return undefined;
  if (!Array.isArray(rights) || !rights.every((right) => typeof right === "string")) return undefined;
  if (key !== undefined && typeof key !== "string") return undefined;
  if (isPinned !== undefined && typeof isPinned !== "boolean") return undefined;
  return { version, digest, rights, newest, key, isPinned };
}

/** A key may be endorsed by the one that is trusted. */
function trustedKeyOf({ state, signer }: TrustVerdict): string | undefined {
  return state === "verified" ? (signer?.endorsedBy ?? signer?.key) : undefined;
}
