/**
 * Keeps the application's container in step with what is listed: one module of constants per extension and
 * one constant per point. Stubs outlive generations, so that updates never touch the container. No handlers:
 * one that throws would make its module impossible to unload.
 */
import type { Disposable } from "@plugboard/extension-api";
import type { Container, ContainerModule } from "inversify";
import { lazyRequire } from "../common/node-module.js";
import type { Contribution, ContributionOwner } from "../contribution/contribution.js";
import type { ContributionRegistry, PointDelta } from "../contribution/contribution-registry.js";

const requirePackage = lazyRequire(import.meta.url);

/** Binds contributions and collections in the application's container until disposed. @internal */
export class ApplicationContainer implements Disposable {
  readonly #container: Container;
  readonly #registry: ContributionRegistry;
  readonly #modules = new Map<
    ContributionOwner,
    { readonly module: ContainerModule; readonly contributions: ReadonlySet<Contribution> }
  >();
  readonly #owners = new Map<Contribution, ContributionOwner>();
  readonly #collections = new Set<symbol>();
  readonly #subscription: Disposable;

  constructor(container: Container, registry: ContributionRegistry) {
    this.#container = container;
    this.#registry = registry;
    this.#subscription = registry.onDidChange((deltas) => {
      this.#follow(deltas);
    });
    for (const point of registry.points) this.bindCollection(point);
  }

  /** Binds the live collection of a point, once. */
  bindCollection(pointId: string): void {
    const point = this.#registry.point(pointId);
    if (point === undefined || this.#collections.has(point.collection)) return;
    this.#collections.add(point.collection);
    this.#container.bind(point.collection).toConstantValue(this.#registry.collection(pointId) as never);
  }

  /** Takes everything out again. */
  dispose(): void {
    this.#subscription.dispose();
    for (const { module } of this.#modules.values()) this.#container.unload(module);
    for (const collection of this.#collections) this.#container.unbind(collection);
    this.#modules.clear();
    this.#owners.clear();
    this.#collections.clear();
  }

  #follow(deltas: readonly PointDelta[]): void {
    const touched = new Set<ContributionOwner>();
    const touch = (contribution: Contribution) => {
      const before = this.#owners.get(contribution);
      const now = contribution.isListed ? contribution.owner : undefined;
      if (before === now) return;
      if (before !== undefined) touched.add(before);
      if (now === undefined) this.#owners.delete(contribution);
      else {
        this.#owners.set(contribution, now);
        touched.add(now);
      }
    };
    for (const { point, added, changed, removed } of deltas) {
      this.bindCollection(point);
      for (const contribution of [...added, ...changed, ...removed]) touch(contribution);
    }
    for (const owner of touched) this.#rebind(owner);
  }

  #rebind(owner: ContributionOwner): void {
    const before = this.#modules.get(owner);
    const contributions = new Set<Contribution>();
    for (const contribution of this.#registry.claimedBy(owner)) {
      if (contribution.owner === owner) contributions.add(contribution);
    }
    if (before !== undefined) {
      this.#container.unload(before.module);
      this.#modules.delete(owner);
    }
    if (contributions.size === 0) return;
    // Loaded here already, by the application whose container it is; one that gives none never loads it.
    const inversify = requirePackage("inversify") as typeof import("inversify");
    const module = new inversify.ContainerModule(({ bind }) => {
      for (const contribution of contributions)
        bind(contribution.point.token).toConstantValue(contribution.stub);
    });
    this.#container.load(module);
    this.#modules.set(owner, { module, contributions });
  }
}
