/**
 * Whether the host asks for trust, and what asks then. Most hosts don't, and load nothing of what reads signatures.
 * Invariant: where anything may be kept from running, nothing runs before the gate is there.
 */
import type { Problem } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { StateReason } from "../../lifecycle/extension/extension-state.js";
import type { ContentGate } from "../../lifecycle/base/lifecycle-options.js";
import type { ExaminedContent } from "../../trust/decision.js";
import type { AdmittedFiles, TrustGate, TrustGateOptions } from "./trust-gate.js";

/** The gate, if there is one. @internal */
export class HostTrust implements ContentGate {
  readonly #options: TrustGateOptions;
  #gate: TrustGate | undefined;
  #loading: Promise<TrustGate> | undefined;
  #isDisposed = false;

  constructor(options: TrustGateOptions) {
    this.#options = options;
  }

  /** Whether anything may be kept from running. */
  get restricts(): boolean {
    const { policy, lockfile } = this.#options.terms;
    return policy === "asked" || lockfile !== undefined;
  }

  /** Whether anybody wants to know what folders consist of. */
  get looks(): boolean {
    return this.restricts || this.#options.terms.keys !== undefined;
  }

  /** What is wrong with the lockfile and with the keys. */
  get problems(): readonly Problem[] {
    return this.#gate?.problems ?? [];
  }

  /** Reads what was decided and, if asked, follows what becomes of that. */
  async begin(options: { readonly isFollowing: boolean }): Promise<void> {
    if (this.looks) await (await this.#load()).begin(options);
  }

  /** Lets the next start know what this one found. Never rejects. */
  async remember(): Promise<void> {
    await this.#gate?.remember();
  }

  /** Looks at nothing any more. Never rejects. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#gate?.dispose();
  }

  obstacle(description: ExtensionDescription): StateReason | undefined {
    if (this.#gate !== undefined || !this.restricts) return this.#gate?.obstacle(description);
    return { code: "UNTRUSTED", message: `The files of ${description.id} have not been looked at yet.` };
  }

  async look(description: ExtensionDescription): Promise<StateReason | undefined> {
    return (await this.#load()).look(description);
  }

  /**
   * The files that may be loaded, with their SHA-256; undefined if any may.
   *
   * @throws ExtensionError if what lies in the folder now may not run
   */
  async admit(description: ExtensionDescription): Promise<AdmittedFiles | undefined> {
    return this.restricts ? (await this.#load()).admit(description) : undefined;
  }

  /** Looks at those that came, are others or have an event in their folder, and forgets those that are gone. */
  async lookAt(
    descriptions: readonly ExtensionDescription[],
    gone: readonly ExtensionDescription[],
  ): Promise<void> {
    if (!this.looks) return;
    const gate = await this.#load();
    for (const { folder } of gone) gate.forget(folder);
    await gate.lookAtAll(descriptions);
  }

  /** What was found when the folder was last looked at. */
  content(description: ExtensionDescription): ExaminedContent | undefined {
    return this.#gate?.content(description);
  }

  /** Lets the files that lie in the folder now run from now on. */
  async trust(description: ExtensionDescription, options: { readonly isPinned: boolean }): Promise<void> {
    await (await this.#load()).trust(description, options);
  }

  /** Takes the trust in an extension back. */
  async distrust(id: string): Promise<void> {
    await (await this.#load()).distrust(id);
  }

  #load(): Promise<TrustGate> {
    this.#loading ??= import("./trust-gate.js").then(({ TrustGate: Gate }) => {
      this.#gate = new Gate(this.#options);
      if (this.#isDisposed) void this.#gate.dispose();
      return this.#gate;
    });
    return this.#loading;
  }
}
