/**
 * Who depends on whom, kept up to date edge by edge, so that a change costs what it touches. Pure: knows
 * ids and edges, neither versions nor states. Ids may be named that nobody has.
 */

/** The edges of required dependencies between extension ids. @internal */
export class DependencyGraph {
  readonly #dependencies = new Map<string, readonly string[]>();
  readonly #dependents = new Map<string, Set<string>>();

  /** Replaces what the id depends on. */
  set(id: string, dependencies: readonly string[]): void {
    this.delete(id);
    if (dependencies.length === 0) return;
    this.#dependencies.set(id, dependencies);
    for (const dependency of dependencies) {
      let dependents = this.#dependents.get(dependency);
      if (dependents === undefined) this.#dependents.set(dependency, (dependents = new Set()));
      dependents.add(id);
    }
  }

  /** Forgets what the id depends on; who depends on it stays known. */
  delete(id: string): void {
    if (!this.#dependencies.has(id)) return;
    for (const dependency of this.dependencies(id)) {
      const dependents = this.#dependents.get(dependency);
      dependents?.delete(id);
      if (dependents?.size === 0) this.#dependents.delete(dependency);
    }
    this.#dependencies.delete(id);
  }

  /** What the id depends on directly. */
  dependencies(id: string): readonly string[] {
    return this.#dependencies.get(id) ?? [];
  }

  /** Who depends on the id directly. */
  dependents(id: string): Iterable<string> {
    return this.#dependents.get(id) ?? [];
  }

  /** The ids and everyone who depends on them, directly or not, as far as `follow` says yes. */
  closure(ids: Iterable<string>, follow: (dependent: string) => boolean): Set<string> {
    const closure = new Set(ids);
    if (this.#dependents.size === 0) return closure;
    for (const id of closure) {
      for (const dependent of this.dependents(id)) if (follow(dependent)) closure.add(dependent);
    }
    return closure;
  }

  /** Whether `from` depends on `to`, directly or not. */
  reaches(from: string, to: string): boolean {
    const seen = new Set([from]);
    for (const id of seen) {
      for (const dependency of this.dependencies(id)) {
        if (dependency === to) return true;
        seen.add(dependency);
      }
    }
    return false;
  }

  /**
   * A shortest circle through the id as a path that begins and ends with it; undefined if there is none.
   *
   * @param instead - what some ids would depend on, in place of what they do
   */
  cycle(id: string, instead?: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
    const cameFrom = new Map<string, string>();
    const open = [id];
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      for (const dependency of instead?.get(next) ?? this.dependencies(next)) {
        if (dependency === id) {
          const path = [id];
          for (let at: string | undefined = next; at !== undefined && at !== id; at = cameFrom.get(at))
            path.unshift(at);
          return [id, ...path];
        }
        if (cameFrom.has(dependency)) continue;
        cameFrom.set(dependency, next);
        open.push(dependency);
      }
    }
    return undefined;
  }

  /** The ids, every one after those of them that it depends on, directly or not. There must be no circle among them. */
  order(ids: Iterable<string>): readonly string[] {
    const members = new Set(ids);
    if (this.#dependencies.size === 0) return [...members];
    const done = new Set<string>();
    const ordered: string[] = [];
    const visit = (id: string) => {
      if (done.has(id)) return;
      done.add(id);
      for (const dependency of this.dependencies(id)) visit(dependency);
      if (members.has(id)) ordered.push(id);
    };
    for (const id of members) visit(id);
    return ordered;
  }
}
