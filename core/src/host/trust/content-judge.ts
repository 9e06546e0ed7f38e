/**
 * Judges what extensions consist of: by what people decided, by the lockfile and by the keys, as they were last read.
 * Only hosts that ask for trust, or for signatures, load this and what it needs.
 * Invariant: what can't be read makes nothing trusted, and what people decided before holds until it can be.
 */
import { ExtensionError, isExtensionError, type Problem } from "@plugboard/extension-api";
import { thrownText } from "../../common/thrown-text.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { StateReason } from "../../lifecycle/extension/extension-state.js";
import { reasonOf } from "../../lifecycle/extension/reason.js";
import {
  admit,
  decide,
  refusalToTrust,
  unsoundness,
  type ExaminedContent,
  type Refusal,
  type TrustDecision,
} from "../../trust/decision.js";
import { lockRefusal, readLockfile, type Lock } from "../../trust/lockfile.js";
import type { StateFolder } from "../state/state-folder.js";
import { ContentExaminer, type ReadContent } from "./content-examiner.js";
import { RememberedDigests } from "./remembered-digests.js";
import { TrustDecisions } from "./trust-decisions.js";

/** The application's terms of trust; paths are absolute. @internal */
export interface TrustTerms {
  readonly policy: "all" | "asked";
  readonly revokedKeys: "stop" | "next start";
  readonly keys: string | undefined;
  readonly lockfile: string | undefined;
  /** Each is trusted, whatever it holds. */
  readonly developmentFolders: readonly string[];
}

/** By what it judges, and whom it tells. @internal */
export interface ContentJudgeOptions {
  readonly terms: TrustTerms;
  readonly state: StateFolder;
  /** What people decided can't be read or written; what was known before holds. */
  readonly onFault: (error: unknown) => void;
}

/** What was found in a folder, and why it may not run. @internal */
export interface Judgement {
  readonly content: ExaminedContent | undefined;
  readonly refusal: StateReason | undefined;
}

/** A judge for one host. @internal */
export class ContentJudge {
  readonly #options: ContentJudgeOptions;
  readonly #examiner: ContentExaminer;
  readonly #remembered: RememberedDigests;
  readonly #store: TrustDecisions;
  #decisions: ReadonlyMap<string, TrustDecision> = new Map();
  #lock: Lock | ExtensionError | undefined;

  constructor(options: ContentJudgeOptions) {
    this.#options = options;
    this.#remembered = new RememberedDigests(options.state.digestsFile);
    this.#examiner = new ContentExaminer(options.terms.keys, this.#remembered);
    this.#store = new TrustDecisions(options.state);
  }

  /** What is wrong with the lockfile and with the keys. */
  get problems(): readonly Problem[] {
    const { keys = "", lockfile = "" } = this.#options.terms;
    const found = isExtensionError(this.#lock) ? [problemOf(this.#lock, lockfile)] : [];
    try {
      // Keys that can't be read make nothing trusted, which would otherwise show nowhere.
      this.#examiner.readRing();
    } catch (error) {
      if (isExtensionError(error)) found.push(problemOf(error, keys));
    }
    return found;
  }

  /** What people decided, as far as it is known. */
  get decisions(): ReadonlyMap<string, TrustDecision> {
    return this.#decisions;
  }

  /** @throws ExtensionError `STATE_UNREADABLE`; what was known before holds then */
  readDecisions(): void {
    this.#decisions = this.#store.read();
  }

  /** Reads the lockfile and the keys, and says what can't be read of them. */
  readTerms(): string | undefined {
    this.#readLock();
    const faults = isExtensionError(this.#lock) ? [this.#lock.message] : [];
    try {
      this.#examiner.readRing();
    } catch (error) {
      faults.push(thrownText(error));
    }
    return faults.length === 0 ? undefined : faults.join(" ");
  }

  /** Judges what lies in the folder now. Never rejects. */
  judge(description: ExtensionDescription): Promise<Judgement> {
    return this.#judge(description, () => this.#examiner.examine(description));
  }

  /** Does the same, reads every file for it and lists them. */
  async judgeFiles(description: ExtensionDescription): Promise<Judgement & Pick<ReadContent, "files">> {
    let files: ReadContent["files"] = [];
    const judgement = await this.#judge(description, async () => {
      const { files: read, ...content } = await this.#examiner.read(description);
      files = read;
      return content;
    });
    return { ...judgement, files };
  }

  /** Lets the files that lie in the folder now run from now on. */
  async trust(
    description: ExtensionDescription,
    { isPinned }: { readonly isPinned: boolean },
  ): Promise<void> {
    const { id } = description;
    const content = await this.#examiner.read(description);
    const before = this.#store.read().get(id);
    const refusal = refusalToTrust(content, before, { isPinned });
    if (refusal !== undefined) throw refusalError(id, refusal);
    const decision = decide(content, before, { isPinned });
    await this.#store.decide(id, decision);
    this.#decisions = new Map(this.#decisions).set(id, decision);
  }

  /** Takes the trust in an extension back. */
  async distrust(id: string): Promise<void> {
    await this.#store.decide(id, undefined);
    const decisions = new Map(this.#decisions);
    decisions.delete(id);
    this.#decisions = decisions;
  }

  /** Forgets what it knows of a folder. */
  forget(folder: string): void {
    this.#examiner.forget(folder);
  }

  /** Lets the next start know what was found. Never rejects: without, it takes longer, and nothing else. */
  async remember(): Promise<void> {
    await this.#remembered.save().catch(() => undefined);
  }

  async #judge({ id }: ExtensionDescription, examine: () => Promise<ExaminedContent>): Promise<Judgement> {
    const { terms } = this.#options;
    try {
      const content = await examine();
      const refused = (refusal: Refusal) => ({ content, refusal: reasonOf(refusalError(id, refusal)) });
      if (isExtensionError(this.#lock)) {
        // What is wrong with it is told once, as a Problem of the host.
        const message = `The lockfile can't be relied on, so nobody knows whether ${id} may run.`;
        return { content, refusal: { code: this.#lock.code, message } };
      }
      const locked = this.#lock && (unsoundness(content) ?? lockRefusal(content, this.#lock));
      if (locked !== undefined) return refused(locked);
      if (terms.policy === "all") return { content, refusal: undefined };
      const before = this.#decisions.get(id);
      const admission = admit(content, before);
      if (admission.kind === "refused") return refused(admission.refusal);
      if (before !== undefined && admission.decision !== before) this.#renew(id, before, admission.decision);
      return { content, refusal: undefined };
    } catch (error) {
      if (!isExtensionError(error)) this.#options.onFault(error);
      const failure = isExtensionError(error)
        ? error
        : refusalError(id, { code: "TRUST_CONTENT", message: `${id} can't be looked at.` });
      return { content: undefined, refusal: reasonOf(failure) };
    }
  }

  /** An update came through: from now on it is what was trusted. */
  #renew(id: string, before: TrustDecision, decision: TrustDecision): void {
    this.#decisions = new Map(this.#decisions).set(id, decision);
    this.#store.renew(id, before, decision).catch((error: unknown) => this.#options.onFault(error));
  }

  #readLock(): void {
    const { lockfile: file } = this.#options.terms;
    if (file === undefined) return;
    try {
      this.#lock = readLockfile(file, this.#examiner.readRing(), Date.now());
    } catch (error) {
      if (!isExtensionError(error)) this.#options.onFault(error);
      const message = `The lockfile ${file} can't be read.`;
      this.#lock = isExtensionError(error)
        ? error
        : new ExtensionError("TRUST_LOCK_INVALID", message, { details: { file }, cause: error });
    }
  }
}

function refusalError(extensionId: string, { code, message }: Refusal): ExtensionError {
  return new ExtensionError(code, message, { extensionId });
}

function problemOf({ code, message, details }: ExtensionError, elsewhere: string): Problem {
  const { file = elsewhere, line, column } = details as Partial<Pick<Problem, "file" | "line" | "column">>;
  const place = line === undefined || column === undefined ? {} : { line, column };
  return { code, severity: "error", file, ...place, message };
}
