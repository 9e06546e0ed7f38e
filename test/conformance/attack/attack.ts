/** What an attack is, and what is learnt from one. */
import { eventually, type ExtensionFixture, type TestHost } from "@plugboard/core/testing";

/** What somebody of bad will does to a host. */
export interface Attack {
  /** As it stands in the table: a thing, not a sentence. */
  readonly name: string;
  /** Makes what it needs, before anything is measured. */
  readonly prepare?: () => void;
  /** Resolves with how it was refused; rejects if it was not. */
  readonly run: (stage: Stage) => Promise<string>;
}

/** A host that runs, while others call their extensions. */
export interface Stage {
  readonly kit: TestHost;
  /** A name that no other attack has. */
  readonly name: string;
}

/** What came of one attack. */
export interface AttackOutcome {
  readonly name: string;
  /** How it was refused; undefined if it was not. */
  readonly refused?: string;
  readonly costMs: number;
}

/** What came of a family of attacks. */
export interface AttackRow {
  readonly family: string;
  readonly tried: number;
  readonly refused: number;
  /** Milliseconds of the processor that the host's process used, for the dearest of them. */
  readonly costMs: number;
  /** Milliseconds that a call of somebody else took at worst. */
  readonly waitMs: number;
  readonly attacks: readonly AttackOutcome[];
}

/** Writes an extension into the host's folder, and resolves when the host knows it. */
export async function isListed(kit: TestHost, extension: ExtensionFixture): Promise<void> {
  await kit.write(extension);
  await eventually(
    () => kit.host.extensions.get(extension.id) ?? notRefused(`${extension.id} is not listed`),
    { timeoutMs: 20_000 },
  );
}

/** Says that an attack had another end than to be refused. */
export function notRefused(what: unknown): never {
  throw new Error(`It was not refused: ${String(what)}`);
}

/** The code of what a promise is rejected with. */
export async function codeOf(promise: Promise<unknown>, codes: readonly string[]): Promise<string> {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === "fulfilled") return notRefused(String(outcome.value).slice(0, 100));
  const { code } = outcome.reason as { readonly code?: unknown };
  return codes.some((one) => String(code).startsWith(one)) ? String(code) : notRefused(outcome.reason);
}
