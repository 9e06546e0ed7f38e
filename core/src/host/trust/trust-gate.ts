/**
 * Decides which extensions may run by their content: by what people trusted, and by the lockfile. Looks at folders
 * when the host tells of them, and again right before their code is loaded. Most hosts ask for no trust, and load
 * nothing of what reads signatures.
 * Invariants: what has not been looked at does not run; nothing here takes down what runs, but a trust taken back.
 */
import { isExtensionError, type Problem } from "@plugboard/extension-api";
import { KeyedQueue } from "../../common/keyed-queue.js";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import type { StateReason } from "../../lifecycle/extension/extension-state.js";
import type { ContentGate } from "../../lifecycle/base/lifecycle-options.js";
import { errorOf } from "../../lifecycle/extension/reason.js";
import type { ExaminedContent, TrustDecision } from "../../trust/decision.js";
import { FollowedStateFile, type LookReason } from "../state/followed-state-file.js";
import type { ContentJudge, ContentJudgeOptions, Judgement } from "./content-judge.js";

/** Whom the gate asks and tells. @internal */
export interface TrustGateOptions extends ContentJudgeOptions {
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
  /** What people decided can be read again. */
  readonly onReadable: () => void;
}

interface Look extends Judgement {
  readonly description: ExtensionDescription;
}

const looksAtOnce = 16;

/** SHA-256, in hexadecimal, of each file that may be loaded, by its path from the folder with `/`. @internal */
export type AdmittedFiles = ReadonlyMap<string, string>;

/** Says what may run. @internal */
export class TrustGate implements ContentGate {
  readonly #options: TrustGateOptions;
  readonly #queue = new KeyedQueue();
  readonly #looks = new Map<string, Look>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #untold = new Set<string>();
  #judge: ContentJudge | undefined;
  #loading: Promise<ContentJudge> | undefined;
  #decisionsFile: FollowedStateFile | undefined;
  #termFiles: readonly FollowedStateFile[] = [];
  #hasDecisionsFault = false;
  /** What could not be read of the lockfile and the keys when they were last read. */
  #termsFault: string | undefined;
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

  /** What is wrong with the lockfile and with the keys, and what runs on although the key that signed it was revoked. */
  get problems(): readonly Problem[] {
    const found: Problem[] = [];
    for (const { description, refusal } of this.#revoked()) {
      const { id, folder: file } = description;
      if (refusal === undefined || !this.#options.isRunning(id)) continue;
      const message = `${id} runs on, and is not started again. ${refusal.message}`;
      found.push({ code: "TRUST_REVOKED", severity: "warning", file, message, extensionId: id });
    }
    return [...(this.#judge?.problems ?? []), ...found];
  }

  /** Reads what was decided and, if asked, follows what becomes of that. Never rejects. */
  async begin({ isFollowing }: { readonly isFollowing: boolean }): Promise<void> {
    if (!this.looks) return;
    const { terms, state } = this.#options;
    const judge = await this.#load();
    if (terms.policy === "asked") {
      const file = state.trustFile;
      if (file !== undefined)
        this.#decisionsFile = new FollowedStateFile(file, () => this.#followDecisions(judge));
      this.#readDecisions(judge);
    }
    this.#termFiles = [terms.keys, terms.lockfile]
      .filter((path) => path !== undefined)
      .map((path) => new FollowedStateFile(path, (why) => this.#followTerms(judge, why)));
    this.#readTerms(judge);
    if (!isFollowing || this.#isDisposed) return;
    for (const file of this.#followed) file.follow();
  }

  /** Lets the next start know what was found. Never rejects: without, it takes longer, and nothing else. */
  async remember(): Promise<void> {
    await this.#judge?.remember();
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
      let files: ReadonlyMap<string, string> = new Map();
      const refusal = await this.#look(description, async (judge) => {
        const judged = await judge.judgeFiles(description);
        files = new Map(judged.files.map(({ path, sha256 }) => [path, sha256]));
        return judged;
      });
      if (refusal !== undefined) throw errorOf(refusal, description.id);
      return files;
    });
  }

  /** Looks at those that came, are others or have an event in their folder, and forgets those that are gone. */
  async lookAt(
    descriptions: readonly ExtensionDescription[],
    gone: readonly ExtensionDescription[],
  ): Promise<void> {
    if (!this.looks) return;
    for (const { folder } of gone) this.#forget(folder);
    await this.#lookAtAll(descriptions);
  }

  /** Lets the files that lie in the folder now run from now on. */
  async trust(description: ExtensionDescription, options: { readonly isPinned: boolean }): Promise<void> {
    await (await this.#load()).trust(description, options);
    await this.look(description);
    this.#tell();
  }

  /** Takes the trust in an extension back. */
  async distrust(id: string): Promise<void> {
    await (await this.#load()).distrust(id);
    await this.#lookAgainAt(new Set([id]));
  }

  #load(): Promise<ContentJudge> {
    this.#loading ??= import("./content-judge.js").then(
      ({ ContentJudge: Judge }) => (this.#judge = new Judge(this.#options)),
    );
    return this.#loading;
  }

  /** Looks at all of them, some at a time. */
  async #lookAtAll(descriptions: Iterable<ExtensionDescription>): Promise<void> {
    const rest = descriptions[Symbol.iterator]();
    const worker = async () => {
      for (let next = rest.next(); next.done !== true && !this.#isDisposed; next = rest.next())
        await this.look(next.value);
    };
    await Promise.all(Array.from({ length: looksAtOnce }, worker));
    this.#tell();
  }

  #forget(folder: string): void {
    this.#looks.delete(folder);
    this.#judge?.forget(folder);
    clearTimeout(this.#timers.get(folder));
    this.#timers.delete(folder);
  }

  get #followed(): readonly FollowedStateFile[] {
    return this.#decisionsFile === undefined ? this.#termFiles : [this.#decisionsFile, ...this.#termFiles];
  }

  async #look(
    description: ExtensionDescription,
    judged: (judge: ContentJudge) => Promise<Judgement> = (judge) => judge.judge(description),
  ): Promise<StateReason | undefined> {
    const before = this.obstacle(description);
    const { content, refusal: found } = await judged(await this.#load());
    if (isExtensionError(found?.cause, "TRUST_KEY_UNREADABLE")) this.#doubtTerms();
    const refusal = this.restricts ? found : undefined;
    // What is outdated comes again with another manifest; that look counts.
    const isOutdated = isExtensionError(refusal?.cause) && refusal.cause.details.isOutdated === true;
    if (this.#isDisposed || isOutdated) return refusal;
    this.#looks.set(description.folder, { description, content, refusal });
    if (refusal?.message !== before?.message) this.#tellSoon(description.id);
    if (refusal !== undefined) this.#lookOnceComplete(description);
    return refusal;
  }

  #readDecisions(judge: ContentJudge): void {
    try {
      judge.readDecisions();
      if (this.#hasDecisionsFault) this.#options.onReadable();
      this.#hasDecisionsFault = false;
    } catch (error) {
      this.#decisionsFile?.checkAgain();
      if (!this.#hasDecisionsFault) this.#options.onFault(error);
      this.#hasDecisionsFault = true;
    }
  }

  async #followDecisions(judge: ContentJudge): Promise<void> {
    const before = judge.decisions;
    this.#readDecisions(judge);
    const now = judge.decisions;
    if (this.#isDisposed) return;
    const ids = new Set([...before.keys(), ...now.keys()]);
    for (const id of ids) if (isSame(before.get(id), now.get(id))) ids.delete(id);
    await this.#lookAgainAt(ids);
    const distrusted = [...ids].filter((id) => !now.has(id));
    await Promise.all(distrusted.map((id) => this.#options.onDistrust(id)));
  }

  /** Reads the lockfile and the keys; what can't be read is read again before long, though nothing tells of it. */
  #readTerms(judge: ContentJudge): void {
    this.#termsFault = judge.readTerms();
    if (this.#termsFault !== undefined) this.#doubtTerms();
  }

  #doubtTerms(): void {
    for (const file of this.#termFiles) file.checkAgain();
  }

  /** The lockfile or the keys are others: everything is worth what it is worth by those. */
  async #followTerms(judge: ContentJudge, why: LookReason): Promise<void> {
    const before = this.#termsFault;
    this.#readTerms(judge);
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
    await this.#lookAtAll(looks.map(({ description }) => description));
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

function isSame(one: TrustDecision | undefined, other: TrustDecision | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
