import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DependencyGraph } from "../../../../../core/src/lifecycle/extension/dependency-graph.js";

type Edges = Readonly<Record<string, readonly string[]>>;

function graphOf(edges: Edges): DependencyGraph {
  const graph = new DependencyGraph();
  for (const [id, dependencies] of Object.entries(edges)) graph.set(id, dependencies);
  return graph;
}

const ids = ["a", "b", "c", "d", "e", "f"];
const anId = fc.constantFrom(...ids);
const someIds = fc.uniqueArray(anId);
/** Any edges at all, circles included. */
const anyEdges: fc.Arbitrary<Edges> = fc.record(
  Object.fromEntries(ids.map((id) => [id, fc.uniqueArray(anId, { maxLength: 3 })])),
);
/** Edges to later letters only, so that there is no circle. */
const downwardEdges: fc.Arbitrary<Edges> = anyEdges.map((edges) =>
  Object.fromEntries(Object.entries(edges).map(([id, to]) => [id, to.filter((other) => other > id)])),
);

/** The plainest way to tell: everything that can be reached in one step or more. */
function reachable(edges: Edges, from: string): ReadonlySet<string> {
  const found = new Set(edges[from]);
  for (const id of found) for (const next of edges[id] ?? []) found.add(next);
  return found;
}

describe("the order", () => {
  test("has every id after what it depends on, also through ids that were not asked for", () => {
    const graph = graphOf({ a: ["b"], b: ["c"] });
    expect(graph.order(["a", "c"])).toEqual(["c", "a"]);
  });

  test("holds exactly the given ids, dependencies first, whatever the graph", () => {
    fc.assert(
      fc.property(downwardEdges, someIds, (edges, given) => {
        const order = graphOf(edges).order(given);
        expect([...order].sort()).toEqual([...given].sort());
        for (const [at, id] of order.entries()) {
          const early = order.slice(0, at).filter((other) => reachable(edges, other).has(id));
          expect(early).toEqual([]);
        }
      }),
    );
  });

  test("ends although there is a circle", () => {
    fc.assert(
      fc.property(anyEdges, someIds, (edges, given) => {
        expect([...graphOf(edges).order(given)].sort()).toEqual([...given].sort());
      }),
    );
  });
});

describe("a cycle", () => {
  test.each([1, 2, 3, 10])("of %i is told as the path around it", (length) => {
    const names = Array.from({ length }, (_, index) => `n${index}`);
    const graph = graphOf(
      Object.fromEntries(names.map((name, index) => [name, [names[(index + 1) % length]!]])),
    );
    expect(graph.cycle("n0")).toEqual([...names, "n0"]);
  });

  test("is not that of whoever only depends on one", () => {
    const graph = graphOf({ a: ["b"], b: ["c"], c: ["b"] });
    expect(graph.cycle("a")).toBeUndefined();
    expect(graph.cycle("b")).toEqual(["b", "c", "b"]);
  });

  test("may come about by what ids would depend on instead", () => {
    const graph = graphOf({ a: ["b"], b: [] });
    expect(graph.cycle("a", new Map([["b", ["a"]]]))).toEqual(["a", "b", "a"]);
    expect(graph.cycle("a")).toBeUndefined();
  });

  test("is found exactly if an id reaches itself, and is a shortest path of real edges", () => {
    fc.assert(
      fc.property(anyEdges, anId, (edges, id) => {
        const path = graphOf(edges).cycle(id);
        expect(path !== undefined).toBe(reachable(edges, id).has(id));
        if (path === undefined) return;
        expect([path[0], path.at(-1)]).toEqual([id, id]);
        for (const [at, to] of path.slice(1).entries()) expect(edges[path[at]!]).toContain(to);
        expect(new Set(path).size).toBe(path.length - 1);
        expect(path.length - 1).toBe(distanceBack(edges, id));
      }),
    );
  });

  /** Steps from the id to itself, breadth first. */
  function distanceBack(edges: Edges, id: string): number {
    let front = new Set(edges[id]);
    for (let steps = 1; ; steps++) {
      if (front.has(id)) return steps;
      front = new Set([...front].flatMap((other) => edges[other] ?? []));
    }
  }
});

describe("the closure", () => {
  test("holds the ids and everyone who depends on them", () => {
    fc.assert(
      fc.property(anyEdges, someIds, (edges, given) => {
        const dependents = ids.filter((id) => given.some((one) => reachable(edges, id).has(one)));
        const closure = graphOf(edges).closure(given, () => true);
        expect([...closure].sort()).toEqual([...new Set([...given, ...dependents])].sort());
      }),
    );
  });

  test("does not go through those that are not followed", () => {
    const graph = graphOf({ a: ["b"], b: ["c"], d: ["c"] });
    expect([...graph.closure(["c"], (id) => id !== "b")].sort()).toEqual(["c", "d"]);
  });
});

test("an id reaches exactly what a walk along the edges finds", () => {
  fc.assert(
    fc.property(anyEdges, anId, anId, (edges, from, to) => {
      expect(graphOf(edges).reaches(from, to)).toBe(reachable(edges, from).has(to));
    }),
  );
});

test("edges set and deleted again and again are those of the last time", () => {
  const change = fc.tuple(anId, fc.option(someIds, { nil: undefined }));
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const graph = new DependencyGraph();
      const model = new Map<string, readonly string[]>();
      for (const [id, dependencies] of changes) {
        if (dependencies === undefined) graph.delete(id);
        else graph.set(id, dependencies);
        model.set(id, dependencies ?? []);
      }
      for (const id of ids) {
        const dependents = ids.filter((other) => model.get(other)?.includes(id));
        expect(graph.dependencies(id)).toEqual(model.get(id) ?? []);
        expect([...graph.dependents(id)].sort()).toEqual(dependents);
      }
    }),
  );
});
