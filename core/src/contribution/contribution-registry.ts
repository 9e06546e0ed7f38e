/**
 * Who contributes what to which point. All changes come as batches: a batch is applied whole, then each
 * point that it touched tells one delta. Owns no states and runs no extension's code.
 * Invariant: a contribution is in its point's map exactly while somebody claims it.
 */
import {
  ExtensionError,
  type ContributionDelta,
  type ContributionEntry,
  type ContributionItem,
  type ContributionPoint,
  type Event,
  type LiveCollection,
  type Stub,
} from "@plugboard/extension-api";
import { EventEmitter } from "../common/event-emitter.js";
import {
  compareClaims,
  Contribution,
  type AnyContract,
  type Claim,
  type ContributionOwner,
} from "./contribution.js";

/** Claimed items, by point: the sections of a manifest, as far as they are in force. @internal */
export type ClaimedItems = Readonly<Record<string, readonly ContributionItem<AnyContract>[]>>;

/** Everything that one owner claims from now on. @internal */
export interface ClaimChange {
  readonly owner: ContributionOwner;
  /** By point id; empty when it leaves. */
  readonly claims: ClaimedItems;
}

/** The changes of a batch to one point. @internal */
export interface PointDelta {
  readonly point: string;
  readonly added: readonly Contribution[];
  readonly changed: readonly Contribution[];
  readonly removed: readonly Contribution[];
}

/** Keeps every point and what is contributed to it. @internal */
export class ContributionRegistry {
  readonly #points = new Map<string, PointContributions>();
  /** What each owner has listed, without repetition. A list, for there are very many owners of very few. */
  readonly #owned = new Map<ContributionOwner, readonly Contribution[]>();
  readonly #changed: EventEmitter<readonly PointDelta[]>;
  readonly #report: (error: unknown) => void;

  /** @param report - is told what a subscriber threw */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
    this.#changed = new EventEmitter(report);
  }

  /** Tells what a batch did, before the single points do. */
  get onDidChange(): Event<readonly PointDelta[]> {
    return this.#changed.event;
  }

  /** Opens a point. */
  open(point: ContributionPoint<AnyContract>): void {
    if (this.#points.has(point.id)) {
      throw new ExtensionError("CONTRIBUTION_POINT_TAKEN", `The point "${point.id}" is already open.`);
    }
    this.#points.set(point.id, new PointContributions(point, this.#report));
  }

  /** Closes a point that nobody contributes to any more. */
  close(pointId: string): void {
    this.#points.delete(pointId);
  }

  /** The point, if it is open. */
  point(id: string): ContributionPoint<AnyContract> | undefined {
    return this.#points.get(id)?.definition;
  }

  /** Ids of all open points. */
  get points(): readonly string[] {
    return [...this.#points.keys()];
  }

  /** The live collection of a point, if it is open. */
  collection(pointId: string): LiveCollection<AnyContract> | undefined {
    return this.#points.get(pointId);
  }

  /** A contribution, if it is listed. */
  find(pointId: string, id: string): Contribution | undefined {
    return this.#points.get(pointId)?.find(id);
  }

  /** What the owner has listed, whether it owns it or is shadowed there. */
  claimedBy(owner: ContributionOwner): readonly Contribution[] {
    return this.#owned.get(owner) ?? nothing;
  }

  /** Leads the calls of everything the owners serve to the generations that answer now. */
  connect(owner: ContributionOwner): void {
    for (const contribution of this.claimedBy(owner)) contribution.connect();
  }

  /**
   * Applies all changes, then tells every subscriber. `refreshed` owners claim what they did before but
   * serve with another generation.
   */
  apply(
    changes: readonly ClaimChange[],
    refreshed: readonly ContributionOwner[] = [],
  ): readonly PointDelta[] {
    const batch = new Batch();
    for (const owner of refreshed) {
      for (const contribution of this.claimedBy(owner)) batch.refresh(contribution, owner);
    }
    for (const change of changes) this.#apply(change, batch);
    // Not before the whole batch is in: what one owner lets go another may have taken up.
    for (const contribution of batch.unlisted()) this.#points.get(contribution.point.id)?.drop(contribution);
    const deltas = batch.deltas();
    if (deltas.length === 0) return deltas;
    for (const delta of deltas) this.#points.get(delta.point)?.reorder();
    this.#changed.fire(deltas);
    for (const delta of deltas) this.#points.get(delta.point)?.tell(delta);
    return deltas;
  }

  #apply({ owner, claims }: ClaimChange, batch: Batch): void {
    const next: Contribution[] = [];
    for (const pointId of Object.keys(claims)) {
      const point = this.#points.get(pointId);
      if (point === undefined) continue;
      let index = 0;
      for (const item of claims[pointId] ?? nothing)
        next.push(point.claim({ owner, item, index: index++ }, batch));
    }
    const owned = this.claimedBy(owner);
    const kept = owned.length === 0 ? undefined : new Set(next);
    for (const contribution of owned) {
      if (kept?.has(contribution) === true) continue;
      batch.remember(contribution);
      contribution.removeClaim(owner);
    }
    // Growing by push leaves room for sixteen more, which would stay for as long as the owner.
    if (next.length > 0) this.#owned.set(owner, next.slice());
    else if (owned.length > 0) this.#owned.delete(owner);
  }
}

const nothing: readonly never[] = Object.freeze([]);

/** The contributions to one point. */
class PointContributions implements LiveCollection<AnyContract> {
  readonly definition: ContributionPoint<AnyContract>;
  readonly #contributions = new Map<string, Contribution>();
  readonly #changed: EventEmitter<ContributionDelta<AnyContract>>;
  /** Sorted when somebody next looks: a burst of changes is sorted once. */
  #order: readonly Contribution[] | undefined;

  constructor(definition: ContributionPoint<AnyContract>, report: (error: unknown) => void) {
    this.definition = definition;
    this.#changed = new EventEmitter(report);
  }

  get point(): string {
    return this.definition.id;
  }

  get size(): number {
    return this.#contributions.size;
  }

  get onDidChange(): Event<ContributionDelta<AnyContract>> {
    return this.#changed.event;
  }

  get(id: string): Stub<AnyContract> | undefined {
    return this.#contributions.get(id)?.stub;
  }

  entries(): readonly ContributionEntry<AnyContract>[] {
    return this.#sorted().map((contribution) => contribution.entry());
  }

  *[Symbol.iterator](): Iterator<Stub<AnyContract>> {
    for (const contribution of this.#sorted()) yield contribution.stub;
  }

  find(id: string): Contribution | undefined {
    return this.#contributions.get(id);
  }

  /** Takes a claim in; the contribution is made if nobody claimed it before. */
  claim(claim: Claim, batch: Batch): Contribution {
    const { owner, item } = claim;
    const id = this.definition.idScope === "extension" ? `${owner.id}.${item.id}` : item.id;
    const known = this.#contributions.get(id);
    if (known === undefined) {
      const contribution = new Contribution(this.definition, id, claim);
      this.#contributions.set(id, contribution);
      batch.noteMade(contribution);
      return contribution;
    }
    batch.remember(known);
    known.addClaim(claim);
    return known;
  }

  drop(contribution: Contribution): void {
    // A point that was closed and opened again may list another of that id.
    if (this.#contributions.get(contribution.id) === contribution)
      this.#contributions.delete(contribution.id);
  }

  reorder(): void {
    this.#order = undefined;
  }

  tell(delta: PointDelta): void {
    if (!this.#changed.hasListeners) return;
    const entries = (contributions: readonly Contribution[]) => contributions.map((one) => one.entry());
    this.#changed.fire({
      added: entries(delta.added),
      changed: entries(delta.changed),
      removed: entries(delta.removed),
    });
  }

  #sorted(): readonly Contribution[] {
    return (this.#order ??= [...this.#contributions.values()].sort(compareClaims));
  }
}

/** A contribution's state before a batch touched it. */
interface Before {
  readonly owner: ContributionOwner;
  readonly item: ContributionItem<AnyContract>;
  isRefreshed: boolean;
}

/** What a batch touches: what it makes itself, and what was there, with how it was. */
class Batch {
  readonly #made: Contribution[] = [];
  readonly #before = new Map<Contribution, Before>();

  /** Notes a contribution that the batch makes. */
  noteMade(contribution: Contribution): void {
    this.#made.push(contribution);
  }

  /** Notes a contribution before it is touched. */
  remember(contribution: Contribution): void {
    if (!contribution.isTold || this.#before.has(contribution)) return;
    const { owner, item } = contribution;
    this.#before.set(contribution, { owner, item, isRefreshed: false });
  }

  /** Notes that the owner serves the contribution with another generation. */
  refresh(contribution: Contribution, owner: ContributionOwner): void {
    this.remember(contribution);
    const before = this.#before.get(contribution);
    if (before?.owner === owner) before.isRefreshed = true;
  }

  /** What of all that was noted nobody claims any more. */
  unlisted(): readonly Contribution[] {
    const isUnlisted = ({ isListed }: Contribution) => !isListed;
    return [...this.#made.filter(isUnlisted), ...[...this.#before.keys()].filter(isUnlisted)];
  }

  /** What has become of all that was noted; it counts as told. */
  deltas(): readonly PointDelta[] {
    const deltas = new Map<string, { readonly point: string } & Record<Kind, Contribution[]>>();
    const note = (contribution: Contribution, kind: Kind) => {
      const { id } = contribution.point;
      let delta = deltas.get(id);
      if (delta === undefined) deltas.set(id, (delta = { point: id, added: [], changed: [], removed: [] }));
      delta[kind].push(contribution);
    };
    for (const contribution of this.#made) {
      if (!contribution.isListed) continue;
      contribution.isTold = true;
      note(contribution, "added");
    }
    for (const [contribution, before] of this.#before) {
      contribution.connect();
      if (!contribution.isListed) note(contribution, "removed");
      else if (isChanged(contribution, before)) note(contribution, "changed");
    }
    return [...deltas.values()];
  }
}

type Kind = "added" | "changed" | "removed";

function isChanged(now: Contribution, before: Before): boolean {
  return now.owner !== before.owner || now.item !== before.item || before.isRefreshed;
}
