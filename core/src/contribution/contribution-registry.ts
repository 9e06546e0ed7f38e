/**
 * Who contributes what to which point. All changes come as batches: a batch is applied whole, then each
 * point that it touched tells one delta. Owns no states and runs no extension's code.
 * Invariant: a contribution is in its point's map exactly while somebody claims it.
 */
import {
  ExtensionError,
  type ContributionDelta,
  type ContributionEntry,
  type ContributionPoint,
  type Event,
  type LiveCollection,
  type Stub,
} from "@plugboard/extension-api";
import { EventEmitter } from "../common/event-emitter.js";
import { Contribution, type AnyContract, type Claim, type ContributionOwner } from "./contribution.js";

/** What one owner claims from now on: all of it. @internal */
export interface ClaimChange {
  readonly owner: ContributionOwner;
  /** By point id; empty when it leaves. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
}

/** What a batch did to one point. @internal */
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
  claimedBy(owner: ContributionOwner): Iterable<Contribution> {
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
    const before = new Map<Contribution, Before>();
    for (const owner of refreshed) {
      for (const contribution of this.claimedBy(owner)) {
        remember(before, contribution, { isRefreshed: contribution.claims[0]?.owner === owner });
      }
    }
    for (const change of changes) this.#apply(change, before);
    for (const contribution of before.keys()) {
      contribution.connect();
      // Not before the whole batch is in: what one owner lets go another may have taken up.
      if (!contribution.isListed) this.#points.get(contribution.point.id)?.drop(contribution);
    }
    const deltas = this.#deltas(before);
    if (deltas.length === 0) return deltas;
    this.#changed.fire(deltas);
    for (const delta of deltas) this.#points.get(delta.point)?.tell(delta);
    return deltas;
  }

  #apply({ owner, claims }: ClaimChange, before: Map<Contribution, Before>): void {
    const next: Contribution[] = [];
    for (const [pointId, list] of claims) {
      const point = this.#points.get(pointId);
      if (point === undefined) continue;
      for (const claim of list) {
        const id = point.definition.idScope === "extension" ? `${owner.id}.${claim.localId}` : claim.localId;
        const contribution = point.obtain(id);
        remember(before, contribution, { isRefreshed: false });
        contribution.assign(withClaim(contribution.claims, claim));
        next.push(contribution);
      }
    }
    const owned = this.#owned.get(owner) ?? nothing;
    const kept = owned.length === 0 ? undefined : new Set(next);
    for (const contribution of owned) {
      if (kept?.has(contribution) === true) continue;
      remember(before, contribution, { isRefreshed: false });
      contribution.assign(contribution.claims.filter((claim) => claim.owner !== owner));
    }
    if (next.length === 0) this.#owned.delete(owner);
    else this.#owned.set(owner, next);
  }

  #deltas(before: ReadonlyMap<Contribution, Before>): readonly PointDelta[] {
    const deltas = new Map<
      string,
      { added: Contribution[]; changed: Contribution[]; removed: Contribution[] }
    >();
    for (const [contribution, was] of before) {
      const kind = whatHappened(contribution, was);
      if (kind === undefined) continue;
      let delta = deltas.get(contribution.point.id);
      if (delta === undefined)
        deltas.set(contribution.point.id, (delta = { added: [], changed: [], removed: [] }));
      delta[kind].push(contribution);
      this.#points.get(contribution.point.id)?.reorder();
    }
    return [...deltas].map(([point, delta]) => ({ point, ...delta }));
  }
}

const nothing: readonly never[] = Object.freeze([]);

/** The claims with this one in the place of what its owner claimed before, best first. */
function withClaim(claims: readonly Claim[], claim: Claim): readonly Claim[] {
  if (claims.length === 0) return [claim];
  return [...claims.filter(({ owner }) => owner !== claim.owner), claim].sort(compareClaims);
}

/** What is contributed to one point. */
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

  obtain(id: string): Contribution {
    let contribution = this.#contributions.get(id);
    if (contribution === undefined) {
      contribution = new Contribution(this.definition, id);
      this.#contributions.set(id, contribution);
    }
    return contribution;
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
    if (!this.#changed.isHeard) return;
    const entries = (contributions: readonly Contribution[]) => contributions.map((one) => one.entry());
    this.#changed.fire({
      added: entries(delta.added),
      changed: entries(delta.changed),
      removed: entries(delta.removed),
    });
  }

  #sorted(): readonly Contribution[] {
    return (this.#order ??= [...this.#contributions.values()].sort((a, b) =>
      compareClaims(a.claim, b.claim),
    ));
  }
}

/** What a contribution was before a batch touched it. */
interface Before {
  readonly claim: Claim | undefined;
  isRefreshed: boolean;
}

function remember(
  before: Map<Contribution, Before>,
  contribution: Contribution,
  { isRefreshed }: { readonly isRefreshed: boolean },
): void {
  const known = before.get(contribution);
  if (known === undefined) before.set(contribution, { claim: contribution.claims[0], isRefreshed });
  else if (isRefreshed) known.isRefreshed = true;
}

function whatHappened(contribution: Contribution, was: Before): "added" | "changed" | "removed" | undefined {
  const now = contribution.claims[0];
  if (was.claim === undefined) return now === undefined ? undefined : "added";
  if (now === undefined) return "removed";
  return was.claim !== now || was.isRefreshed ? "changed" : undefined;
}

/** Folder precedence, extension id, order in the manifest. */
function compareClaims(a: Claim, b: Claim): number {
  if (a.owner !== b.owner) {
    if (a.owner.rank !== b.owner.rank) return a.owner.rank - b.owner.rank;
    return a.owner.id < b.owner.id ? -1 : 1;
  }
  return a.index - b.index;
}
