import { contributionPoint } from "@plugboard/extension-api";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  compareClaims,
  type AnyContract,
  type Claim,
  type ContributionOwner,
} from "../../../../core/src/contribution/contribution.js";
import {
  ContributionRegistry,
  type ClaimedItems,
  type PointDelta,
} from "../../../../core/src/contribution/contribution-registry.js";

const pointOf = (id: string, more: object = {}) =>
  contributionPoint<AnyContract>()({ id, methods: { greet: 1 }, ...more });

interface Owner extends ContributionOwner {
  generationNumber: number;
}

function ownerOf(id: string, rank = 0): Owner {
  return { id, rank, generationNumber: 1, connection: undefined, queue: () => Promise.resolve("held") };
}

function claimsOf(point: string, ...ids: string[]): ClaimedItems {
  return { [point]: ids.map((id) => ({ id })) };
}

const nothing: ClaimedItems = {};

let reported: unknown[];
let registry: ContributionRegistry;

beforeEach(() => {
  reported = [];
  registry = new ContributionRegistry((error) => reported.push(error));
  registry.open(pointOf("greeters"));
});

const listed = (point = "greeters"): readonly string[] =>
  (registry.collection(point)?.entries() ?? []).map(({ id, extensionId }) => `${extensionId} ${id}`);

const idsOf = (delta: PointDelta | undefined) => ({
  added: delta?.added.map(({ id }) => id),
  changed: delta?.changed.map(({ id }) => id),
  removed: delta?.removed.map(({ id }) => id),
});

describe("a batch", () => {
  test("tells each point that it touched one delta", () => {
    registry.open(pointOf("transformers"));
    const [one, two] = [ownerOf("acme.one"), ownerOf("acme.two")];
    const deltas = registry.apply([
      { owner: one, claims: claimsOf("greeters", "english", "german") },
      { owner: two, claims: claimsOf("transformers", "upper") },
    ]);
    expect(deltas.map((delta) => [delta.point, idsOf(delta)])).toEqual([
      ["greeters", { added: ["english", "german"], changed: [], removed: [] }],
      ["transformers", { added: ["upper"], changed: [], removed: [] }],
    ]);
  });

  test("that adds, changes and removes at once names each id in one place", () => {
    const owner = ownerOf("acme.one");
    registry.apply([{ owner, claims: claimsOf("greeters", "english", "german") }]);
    const [delta] = registry.apply([{ owner, claims: claimsOf("greeters", "german", "french") }]);
    expect(idsOf(delta)).toEqual({ added: ["french"], changed: ["german"], removed: ["english"] });
  });

  test("that changes nothing tells nothing", () => {
    const owner = ownerOf("acme.one");
    const claims = claimsOf("greeters", "english");
    registry.apply([{ owner, claims }]);
    expect(registry.apply([{ owner, claims }])).toEqual([]);
  });

  test("of another generation with the same claims tells that they changed", () => {
    const owner = ownerOf("acme.one");
    registry.apply([{ owner, claims: claimsOf("greeters", "english") }]);
    owner.generationNumber = 2;
    const [delta] = registry.apply([], [owner]);
    expect(idsOf(delta)).toEqual({ added: [], changed: ["english"], removed: [] });
    expect(registry.collection("greeters")?.entries()[0]?.generation).toBe(2);
  });

  test("is in force before anybody hears of it", () => {
    const seen: unknown[] = [];
    registry.onDidChange(() => seen.push(["all", ...listed()]));
    registry.collection("greeters")?.onDidChange(() => seen.push(["point", ...listed()]));
    const owner = ownerOf("acme.one");
    registry.apply([{ owner, claims: claimsOf("greeters", "english") }]);
    expect(seen).toEqual([
      ["all", "acme.one english"],
      ["point", "acme.one english"],
    ]);
  });

  test("reaches every subscriber although one throws", () => {
    const heard: number[] = [];
    registry.collection("greeters")?.onDidChange(() => {
      throw new Error("not mine");
    });
    registry.collection("greeters")?.onDidChange(({ added }) => heard.push(added.length));
    const owner = ownerOf("acme.one");
    registry.apply([{ owner, claims: claimsOf("greeters", "english") }]);
    expect(heard).toEqual([1]);
    expect(reported).toMatchObject([{ message: "not mine" }]);
    expect(listed()).toEqual(["acme.one english"]);
  });

  test("claims nothing of a point that is not open", () => {
    const owner = ownerOf("acme.one");
    expect(registry.apply([{ owner, claims: claimsOf("panels", "english") }])).toEqual([]);
    expect(registry.collection("panels")).toBeUndefined();
  });
});

describe("an id that two extensions claim", () => {
  const first = ownerOf("acme.zulu", 0);
  const second = ownerOf("acme.alpha", 1);

  beforeEach(() => {
    registry.apply([{ owner: second, claims: claimsOf("greeters", "english") }]);
    registry.apply([{ owner: first, claims: claimsOf("greeters", "english") }]);
  });

  test("belongs to the earlier folder, whoever came first", () => {
    expect(listed()).toEqual(["acme.zulu english"]);
  });

  test("goes to the other when its owner leaves, as one change of the same stub", () => {
    const stub = registry.collection("greeters")?.get("english");
    const [delta] = registry.apply([{ owner: first, claims: nothing }]);
    expect(idsOf(delta)).toEqual({ added: [], changed: ["english"], removed: [] });
    expect(listed()).toEqual(["acme.alpha english"]);
    expect(registry.collection("greeters")?.get("english")).toBe(stub);
  });

  test("stays as it is when the one in its shadow leaves or is served anew", () => {
    expect(registry.apply([], [second])).toEqual([]);
    expect(registry.apply([{ owner: second, claims: nothing }])).toEqual([]);
  });
});

test("an id that goes from one extension to another in a batch is one change of the same stub", () => {
  const [one, two] = [ownerOf("acme.one"), ownerOf("acme.two")];
  registry.apply([{ owner: one, claims: claimsOf("greeters", "english") }]);
  const stub = registry.collection("greeters")?.get("english");
  const [delta] = registry.apply([
    { owner: one, claims: nothing },
    { owner: two, claims: claimsOf("greeters", "english") },
  ]);
  expect(idsOf(delta)).toEqual({ added: [], changed: ["english"], removed: [] });
  expect(registry.collection("greeters")?.get("english")).toBe(stub);
  expect(listed()).toEqual(["acme.two english"]);
});

test("contributions stand in the order of folder, extension and manifest", () => {
  const owners = [ownerOf("acme.two", 0), ownerOf("acme.one", 1), ownerOf("acme.one-more", 0)];
  const letters = [
    ["d", "c"],
    ["f", "e"],
    ["b", "a"],
  ];
  for (const [index, owner] of owners.entries())
    registry.apply([{ owner, claims: claimsOf("greeters", ...letters[index]!) }]);
  expect(
    registry
      .collection("greeters")
      ?.entries()
      .map(({ id }) => id),
  ).toEqual(["b", "a", "d", "c", "f", "e"]);
});

test("ids of a point that counts per extension are told apart by their owners", () => {
  registry.open(pointOf("panels", { idScope: "extension" }));
  const owners = [ownerOf("acme.one"), ownerOf("acme.two")];
  registry.apply(owners.map((owner) => ({ owner, claims: claimsOf("panels", "main") })));
  expect(listed("panels")).toEqual(["acme.one acme.one.main", "acme.two acme.two.main"]);
});

test("what the manifest says of a contribution is handed out frozen at every depth", () => {
  const owner = ownerOf("acme.one");
  registry.apply([
    { owner, claims: { greeters: [{ id: "english", tags: [{ name: "new" }] } as { id: string }] } },
  ]);
  const item = registry.collection("greeters")?.entries()[0]?.item as unknown as { tags: object[] };
  expect([item, item.tags, item.tags[0]].map((part) => Object.isFrozen(part))).toEqual([true, true, true]);
});

test("a point is open once", () => {
  expect(() => {
    registry.open(pointOf("greeters"));
  }).toThrow(expect.objectContaining({ code: "CONTRIBUTION_POINT_TAKEN" }));
});

test("calls through a stub go to its owner while it is listed, and are refused ever after", async () => {
  const owner = ownerOf("acme.one");
  registry.apply([{ owner, claims: claimsOf("greeters", "english") }]);
  const stub = registry.collection("greeters")?.get("english") as unknown as {
    greet(name: string): Promise<unknown>;
  };
  await expect(stub.greet("World")).resolves.toBe("held");
  registry.apply([{ owner, claims: nothing }]);
  await expect(stub.greet("World")).rejects.toMatchObject({ code: "EXTENSION_GONE" });
  registry.apply([{ owner, claims: claimsOf("greeters", "english") }]);
  await expect(stub.greet("World")).rejects.toMatchObject({ code: "EXTENSION_GONE" });
});

describe("after any batches", () => {
  const points = ["greeters", "transformers"];
  const owners = [ownerOf("acme.a", 1), ownerOf("acme.b", 0), ownerOf("acme.c", 1), ownerOf("acme.d", 0)];
  /** What an owner claims from now on, by point. */
  const wish = fc.record({
    owner: fc.nat(owners.length - 1),
    claims: fc.tuple(...points.map(() => fc.uniqueArray(fc.constantFrom("v", "w", "x", "y", "z")))),
  });
  const batch = fc.record({
    changes: fc.uniqueArray(wish, { selector: ({ owner }) => owner, maxLength: 3 }),
    refreshed: fc.uniqueArray(fc.nat(owners.length - 1)),
  });
  type Model = ReadonlyMap<ContributionOwner, ClaimedItems>;

  /** The winning claims of a point, worked out from nothing. */
  function winners(model: Model, point: string): ReadonlyMap<string, Claim> {
    const claims = [...model].flatMap(([owner, items]) =>
      (items[point] ?? []).map((item, index) => ({ owner, item, index })),
    );
    const best = new Map<string, Claim>();
    for (const claim of claims.sort(compareClaims))
      if (!best.has(claim.item.id)) best.set(claim.item.id, claim);
    return best;
  }

  test("the listing is that of a fresh start, and each delta what lies between two of them", () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), (batches) => {
        const subject = new ContributionRegistry((error) => {
          throw error;
        });
        for (const point of points) subject.open(pointOf(point));
        const model = new Map<ContributionOwner, ClaimedItems>();
        for (const { changes, refreshed } of batches) {
          const before = points.map((point) => winners(model, point));
          const applied = changes.map((change) => {
            const owner = owners[change.owner]!;
            const sections = points.map((point, at) => claimsOf(point, ...change.claims[at]!));
            return { owner, claims: Object.assign({}, ...sections) as ClaimedItems };
          });
          for (const { owner, claims } of applied) model.set(owner, claims);
          const renewed = refreshed.map((index) => owners[index]!);
          const deltas = subject.apply(applied, renewed);
          for (const [at, point] of points.entries()) {
            const now = winners(model, point);
            const was = before[at]!;
            expect(
              subject
                .collection(point)
                ?.entries()
                .map(({ id, extensionId }) => [id, extensionId]),
            ).toEqual([...now].map(([id, { owner }]) => [id, owner.id]));
            const delta = idsOf(deltas.find((one) => one.point === point));
            const kept = [...now.keys()].filter((id) => was.has(id));
            expect([...(delta.added ?? [])].sort()).toEqual(
              [...now.keys()].filter((id) => !was.has(id)).sort(),
            );
            expect([...(delta.removed ?? [])].sort()).toEqual(
              [...was.keys()].filter((id) => !now.has(id)).sort(),
            );
            expect([...(delta.changed ?? [])].sort()).toEqual(
              kept
                .filter(
                  (id) =>
                    now.get(id)?.item !== was.get(id)?.item || renewed.includes(was.get(id)!.owner as Owner),
                )
                .sort(),
            );
          }
        }
        for (const owner of owners) {
          const claimed = [...subject.claimedBy(owner)].map(({ point, id }) => `${point.id} ${id}`);
          const expected = Object.entries(model.get(owner) ?? nothing).flatMap(([point, items]) =>
            items.map(({ id }) => `${point} ${id}`),
          );
          expect(claimed.sort()).toEqual(expected.sort());
        }
      }),
    );
  });
});
