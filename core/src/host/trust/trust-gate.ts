/**
 * Decides which extensions may run by their content: by what people trusted, and by the lockfile. Looks at folders
 * when the host tells of them, and again right before their code is loaded.
 * Invariants: what has not been looked at does not run; nothing here takes down what runs, but a trust taken back.
 */
import { ExtensionError, isExtensionError, type Problem } from "@plugboard/extension-api";
import { KeyedQueue } from "../../common/keyed-queue.js";
import { thrownText } from "../../common/thrown-text.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { StateReason } from "../../lifecycle/extension/extension-state.js";
import type { ContentGate } from "../../lifecycle/base/lifecycle-options.js";
import { errorOf, reasonOf } from "../../lifecycle/extension/reason.js";
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
import { ContentExaminer, type ReadContent } from "./content-examiner.js";
import { FollowedStateFile, type LookReason } from "../state/followed-state-file.js";
import { RememberedDigests } from "./remembered-digests.js";
import type { StateFolder } from "../state/state-folder.js";
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

/** Whom the gate asks and tells. @internal */
export interface TrustGateOptions {
  readonly terms: TrustTerms;
  readonly state: StateFolder;
  /** When something last happened in the folder. */
  readonly lastEventAt: (folder: string) => number | undefined;
  /** For how long after that a copy may be under way. */
  readonly incompleteMs: number;
  /** Other verdicts were given on the ids than before. */
  readonly onVerdicts: (ids: readonly string[]) => void;
  /** Whether code of the extension runs. */
  readonly isRunning: (id: string) => boolean;
  /** Somebody took back the trust in the id, or revoked the key that signed it. */
  readonly onDistrust: (id: string) => Promise<void>;
  /** What people decided can't be read or written; what was known before holds. */
  readonly onFault: (error: unknown) => void;
  /** What people decided can be read again. */
  readonly onReadable: () => void;
}

interface Look {
  readonly description: ExtensionDescription;
  readonly content: ExaminedContent | undefined;
  readonly refusal: StateReason | undefined;
}

const looksAtOnce = 16;

/** SHA-256, in hexadecimal, of each file that may be loaded, by its path from the folder with `/`. @internal */
export type AdmittedFiles = ReadonlyMap<string, string>;

/** Says what may run. @internal */
export class TrustGate implements ContentGate {
  readonly #options: TrustGateOptions;
  readonly #examiner: ContentExaminer;
  readonly #remembered: RememberedDigests;
  readonly #store: TrustDecisions;
  readonly #queue = new KeyedQueue();
  readonly #looks = new Map<string, Look>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #untold = new Set<string>();
  #decisions: ReadonlyMap<string, TrustDecision> = new Map();
  #lock: Lock | ExtensionError | undefined;
  #decisionsFile: FollowedStateFile | undefined;
  #termFiles: readonly FollowedStateFile[] = [];
  #hasDecisionsFault = false;
  /** What could not be read of the lockfile and the keys when they were last read. */
  #termsFault: string | undefined;
  #isDisposed = false;

  constructor(options: TrustGateOptions) {
    this.#options = options;
    this.#remembered = new RememberedDigests(options.state.digestsFile);
    this.#examiner = new ContentExaminer(options.terms.keys, this.#remembered);
    this.#store = new TrustDecisions(options.state);
  }

  /** Whether anything may be kept from running. */
  get restricts(): boolean {
    const { policy, lockfile } = this.#options.terms;
    return policy === "asked" || lockfile !== undefined;
  }

  /** What is wrong with the lockfile and with the keys, and what runs on although the key that signed it was revoked. */
  get problems(): readonly Problem[] {
    const { keys = "", lockfile = "" } = this.#options.terms;
    const found = isExtensionError(this.#lock) ? [problemOf(this.#lock, lockfile)] : [];
    for (const { description, refusal } of this.#revoked()) {
      const { id, folder: file } = description;
      if (refusal === undefined || !this.#options.isRunning(id)) continue;
      const message = `${id} runs on, and is not started again. ${refusal.message}`;
      found.push({ code: "TRUST_REVOKED", severity: "warning", file, message, extensionId: id });
    }
    try {
      // Keys that can't be read make nothing trusted, which would otherwise show nowhere.
      this.#examiner.readRing();
    } catch (error) {
      if (isExtensionError(error)) found.push(problemOf(error, keys));
    }
    return found;
  }

  /** Reads what was decided and, if asked, follows what becomes of that. Never rejects. */
  async begin({ isFollowing }: { readonly isFollowing: boolean }): Promise<void> {
    const { terms, state } = this.#options;
    if (terms.policy === "asked") {
      const file = state.trustFile;
      if (file !== undefined)
        this.#decisionsFile = new FollowedStateFile(file, () => this.#followDecisions());
      this.#readDecisions();
    }
    this.#termFiles = [terms.keys, terms.lockfile]
      .filter((path) => path !== undefined)
      .map((path) => new FollowedStateFile(path, (why) => this.#followTerms(why)));
    this.#readTerms();
    if (!isFollowing || this.#isDisposed) return;
    for (const file of this.#followed) file.follow();
  }

  /** Lets the next start know what was found. Never rejects: without, it takes longer, and nothing else. */
  async remember(): Promise<void> {
    await this.#remembered.save().catch(() => undefined);
  }

  /** Looks at nothing any more. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    for (const file of this.#followed) file.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.remember();
  }

  obstacle(description: ExtensionDescription): StateReason | undefined {
    if (!this.restricts || this.#isDevelopment(description)) return undefined;
    const look = this.#looks.get(description.folder);
    if (look?.description.fingerprint === description.fingerprint) return look.refusal;
    return { code: "UNTRUSTED", message: `The files of ${description.id} have not been looked at yet.` };
  }

  /** What was found when the folder was last looked at. */
  content(description: ExtensionDescription): ExaminedContent | undefined {
    const look = this.#looks.get(description.folder);
    return look?.description.fingerprint === description.fingerprint ? look.content : undefined;
  }

  async look(description: ExtensionDescription): Promise<StateReason | undefined> {
    if (this.#isDevelopment(description)) return undefined;
    return this.#queue.run([description.folder], () => this.#look(description));
  }

  /**
   * Looks at the folder and gives the files that may be loaded; undefined if any may.
   *
   * @throws ExtensionError if what lies in the folder now may not run
   */
  async admit(description: ExtensionDescription): Promise<AdmittedFiles | undefined> {
    if (!this.restricts || this.#isDevelopment(description)) return undefined;
    return this.#queue.run([description.folder], async () => {
      let files: ReadContent["files"] = [];
      const refusal = await this.#look(description, async () => {
        const { files: read, ...content } = await this.#examiner.read(description);
        files = read;
        return content;
      });
      if (refusal !== undefined) throw errorOf(refusal, description.id);
      return new Map(files.map(({ path, sha256 }) => [path, sha256]));
    });
  }

  /** Looks at all of them, some at a time. */
  async lookAtAll(descriptions: Iterable<ExtensionDescription>): Promise<void> {
    const rest = descriptions[Symbol.iterator]();
    const worker = async () => {
      for (let next = rest.next(); next.done !== true && !this.#isDisposed; next = rest.next())
        await this.look(next.value);
    };
    await Promise.all(Array.from({ length: looksAtOnce }, worker));
    this.#tell();
  }

  /** Knows a folder no longer. */
  forget(folder: string): void {
    this.#looks.delete(folder);
    this.#examiner.forget(folder);
    clearTimeout(this.#timers.get(folder));
    this.#timers.delete(folder);
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
    await this.look(description);
    this.#tell();
  }

  /** Takes the trust in an extension back. */
  async distrust(id: string): Promise<void> {
    await this.#store.decide(id, undefined);
    const decisions = new Map(this.#decisions);
    decisions.delete(id);
    this.#decisions = decisions;
    await this.#lookAgainAt(new Set([id]));
  }

  get #followed(): readonly FollowedStateFile[] {
    return this.#decisionsFile === undefined ? this.#termFiles : [this.#decisionsFile, ...this.#termFiles];
  }

  async #look(
    description: ExtensionDescription,
    examine = () => this.#examiner.examine(description),
  ): Promise<StateReason | undefined> {
    const before = this.obstacle(description);
    const { content, refusal: found } = await this.#judge(description, examine);
    const refusal = this.restricts ? found : undefined;
    // What is outdated comes again with another manifest; that look counts.
    const isOutdated = isExtensionError(refusal?.cause) && refusal.cause.details.isOutdated === true;
    if (this.#isDisposed || isOutdated) return refusal;
    this.#looks.set(description.folder, { description, content, refusal });
    if (refusal?.message !== before?.message) this.#tellSoon(description.id);
    if (refusal !== undefined) this.#lookOnceComplete(description);
    return refusal;
  }

  async #judge(
    { id }: ExtensionDescription,
    examine: () => Promise<ExaminedContent>,
  ): Promise<Omit<Look, "description">> {
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
      if (before !== undefined && admission.decision !== before)
        this.#remember(id, before, admission.decision);
      return { content, refusal: undefined };
    } catch (error) {
      if (!isExtensionError(error)) this.#options.onFault(error);
      if (isExtensionError(error, "TRUST_KEY_UNREADABLE")) this.#doubtTerms();
      const failure = isExtensionError(error)
        ? error
        : refusalError(id, { code: "TRUST_CONTENT", message: `${id} can't be looked at.` });
      return { content: undefined, refusal: reasonOf(failure) };
    }
  }

  /** An update came through: from now on it is what was trusted. */
  #remember(id: string, before: TrustDecision, decision: TrustDecision): void {
    this.#decisions = new Map(this.#decisions).set(id, decision);
    this.#store.renew(id, before, decision).catch((error: unknown) => this.#options.onFault(error));
  }

  #readDecisions(): void {
    try {
      this.#decisions = this.#store.read();
      if (this.#hasDecisionsFault) this.#options.onReadable();
      this.#hasDecisionsFault = false;
    } catch (error) {
      this.#decisionsFile?.checkAgain();
      if (!this.#hasDecisionsFault) this.#options.onFault(error);
      this.#hasDecisionsFault = true;
    }
  }

  async #followDecisions(): Promise<void> {
    const before = this.#decisions;
    this.#readDecisions();
    const now = this.#decisions;
    if (this.#isDisposed) return;
    const ids = new Set([...before.keys(), ...now.keys()]);
    for (const id of ids) if (isSame(before.get(id), now.get(id))) ids.delete(id);
    await this.#lookAgainAt(ids);
    const distrusted = [...ids].filter((id) => !now.has(id));
    await Promise.all(distrusted.map((id) => this.#options.onDistrust(id)));
  }

  /** Reads the lockfile and the keys; what can't be read is read again before long, though nothing tells of it. */
  #readTerms(): void {
    this.#readLock();
    const faults = isExtensionError(this.#lock) ? [this.#lock.message] : [];
    try {
      this.#examiner.readRing();
    } catch (error) {
      faults.push(thrownText(error));
    }
    this.#termsFault = faults.length === 0 ? undefined : faults.join(" ");
    if (this.#termsFault !== undefined) this.#doubtTerms();
  }

  #doubtTerms(): void {
    for (const file of this.#termFiles) file.checkAgain();
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

  /** The lockfile or the keys are others: everything is worth what it is worth by those. */
  async #followTerms(why: LookReason): Promise<void> {
    const before = this.#termsFault;
    this.#readTerms();
    // Thousands of folders are not looked at again only because a file can't be read yet.
    if (why === "doubt" && before !== undefined && this.#termsFault === before) return;
    await this.#lookAgainAt(undefined);
    if (this.#options.terms.revokedKeys !== "stop") return;
    await Promise.all(this.#revoked().map(({ description: { id } }) => this.#options.onDistrust(id)));
  }

  /** What may not run because of a revoked key. */
  #revoked(): readonly Look[] {
    return [...this.#looks.values()].filter(({ refusal }) => refusal?.code === "TRUST_REVOKED");
  }

  /** Looks again at the folders of the ids, or at all. */
  async #lookAgainAt(ids: ReadonlySet<string> | undefined): Promise<void> {
    const looks = [...this.#looks.values()].filter(({ description: { id } }) => ids?.has(id) !== false);
    await this.lookAtAll(looks.map(({ description }) => description));
  }

  /** What is refused now may be half of what is on its way. */
  #lookOnceComplete(description: ExtensionDescription): void {
    const { folder } = description;
    const lastEventAt = this.#options.lastEventAt(folder);
    const restMs =
      lastEventAt === undefined ? 0 : lastEventAt + this.#options.incompleteMs - performance.now();
    if (restMs <= 0 || this.#timers.has(folder)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(folder);
      const current = this.#looks.get(folder)?.description;
      if (current !== undefined) void this.look(current);
    }, restMs);
    this.#timers.set(folder, timer.unref());
  }

  #tellSoon(id: string): void {
    if (this.#untold.size === 0) setImmediate(() => this.#tell());
    this.#untold.add(id);
  }

  #tell(): void {
    if (this.#untold.size === 0 || this.#isDisposed) return;
    const ids = [...this.#untold];
    this.#untold.clear();
    this.#options.onVerdicts(ids);
  }

  #isDevelopment({ folder }: ExtensionDescription): boolean {
    return this.#options.terms.developmentFolders.includes(folder);
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

function isSame(one: TrustDecision | undefined, other: TrustDecision | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
