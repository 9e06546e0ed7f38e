import { join, posix, resolve, sep } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExtensionDescription } from "../../../../../core/src/discovery/extension-description.js";
import {
  grantedCapabilities,
  grantedServices,
  ungrantedCapabilities,
  ungrantedServices,
} from "../../../../../core/src/host/runtimes/granted-capabilities.js";
import { isWithin } from "../../../../../core/src/common/is-within.js";
import { nothingGranted } from "../../../../support/nothing-granted.js";
import type { Grants } from "../../../../../core/src/host/face/host-options.js";

type Asked = NonNullable<ExtensionDescription["manifest"]["capabilities"]>;

const folder = resolve("/extensions/acme");
const at = (path: string) => resolve(folder, path);

function described(capabilities?: Asked, services?: readonly string[]): ExtensionDescription {
  return {
    folder,
    root: resolve("/extensions"),
    rank: 0,
    name: "acme",
    id: "acme.english",
    version: "1.0.0",
    manifest: {
      manifestVersion: 1,
      id: "acme.english",
      version: "1.0.0",
      ...(capabilities === undefined ? {} : { capabilities }),
      ...(services === undefined ? {} : { services: [...services] }),
    },
    fingerprint: "",
    problems: [],
  };
}

const everything = {
  fs: { read: ["/"], write: ["/"] },
  net: true,
  env: true,
  childProcess: true,
  workers: true,
  addons: true,
  wasi: true,
} satisfies Grants;

const inForce = (asked: Asked, grants?: Grants) => grantedCapabilities(described(asked), grants);
const read = (asked: string[], granted: string[]) =>
  inForce({ fs: { read: asked } }, { fs: { read: granted } }).fs.read;
const net = (asked: string[] | boolean, granted: string[] | boolean) =>
  inForce({ net: asked }, { net: granted }).net;

const state = resolve("/srv/app/.plugboard");

describe("the host's state", () => {
  it("is granted to nobody, nor anything that holds it or lies in it", () => {
    const asked = { fs: { read: ["/srv", "/srv/data", "/srv/app/.plugboard/secrets"], write: ["/srv/app"] } };
    const granted = { fs: { read: ["/"], write: ["/"] } };
    expect(grantedCapabilities(described(asked), granted, state).fs).toEqual({
      read: [resolve("/srv/data")],
      write: [],
    });
    expect(
      [...ungrantedCapabilities(described(asked), granted, state)].map(({ name, fault }) => [name, fault]),
    ).toEqual(
      ['fs.read "/srv"', 'fs.read "/srv/app/.plugboard/secrets"', 'fs.write "/srv/app"'].map((name) => [
        name,
        "the host keeps its state there",
      ]),
    );
  });
});

describe("what is in force", () => {
  it("is nothing without grants, whatever is declared", () => {
    expect(inForce({ ...everything, fs: { read: ["/"], write: ["."] } })).toEqual(nothingGranted);
  });

  it("is nothing without a declaration, whatever is granted", () => {
    expect(grantedCapabilities(described(), everything)).toEqual(nothingGranted);
  });

  it("is what is both declared and granted", () => {
    const asked = { ...everything, fs: { read: ["/data"], write: ["./cache"] } };
    expect(inForce(asked, everything)).toEqual({
      ...everything,
      fs: { read: [at("/data")], write: [at("cache")] },
    });
  });

  it("does not name the extension's own folder for reading, which it may read anyway", () => {
    expect(read(["./data", "."], ["."])).toEqual([]);
  });

  it("takes relative paths of the manifest and of the grant from the extension's folder", () => {
    const { fs } = inForce(
      { fs: { read: ["../shared/words"], write: ["cache"] } },
      { fs: { read: ["../shared"], write: ["./cache/"] } },
    );
    expect(fs).toEqual({ read: [at("../shared/words")], write: [at("cache")] });
  });

  it("is the smaller of two paths of which one lies in the other", () => {
    expect(read(["/data", "/data/a"], ["/data/a", "/data/b"])).toEqual([at("/data/a"), at("/data/b")]);
  });

  it("compares paths as paths, not as texts", () => {
    expect(read(["/data-2", "/data/../etc", "/dat"], ["/data"])).toEqual([]);
    expect(read(["/data/./a//b/../c"], ["/data/"])).toEqual([at("/data/a/c")]);
    expect(read(["/data/..a"], ["/data"])).toEqual([at("/data/..a")]);
  });

  it("is never a pattern, which Node would read as more than one path", () => {
    expect(read(["/data/*", "/d*"], ["/data", "/d*"])).toEqual([]);
  });

  it("keeps reading and writing apart", () => {
    const { fs } = inForce(
      { fs: { read: ["/data"], write: ["/data"] } },
      { fs: { read: ["/data"], write: [] } },
    );
    expect(fs).toEqual({ read: [at("/data")], write: [] });
  });

  it("matches hosts with their ports exactly, any port, or all", () => {
    expect(net(["a.example:443", "b.example:*", "A.example:80"], ["a.example:*", "b.example:8443"])).toEqual([
      "a.example:443",
      "b.example:8443",
      "a.example:80",
    ]);
    expect(net(["a.example:443"], ["a.example:44", "b.a.example:443", "example:443"])).toEqual([]);
    expect(net(["[::1]:443"], ["[::1]:*"])).toEqual(["[::1]:443"]);
    expect(net(["a.example:443"], true)).toEqual(["a.example:443"]);
    expect(net(true, ["a.example:443"])).toEqual(["a.example:443"]);
    expect(net(true, true)).toBe(true);
    expect(net(false, true)).toEqual([]);
  });

  it("holds no host without a port, and no pattern of hosts", () => {
    expect(net(["a.example", "*:443", "a.example:99999"], true)).toEqual([]);
  });

  it("matches names of the environment exactly", () => {
    expect(inForce({ env: ["LANG", "HOME"] }, { env: ["LANG", "home"] }).env).toEqual(["LANG"]);
  });
});

describe("a path in force", () => {
  const segment = fc.constantFrom("a", "b", "a-2", "..", ".", "...", "", "A", "..a");
  const path = fc
    .tuple(fc.constantFrom("/", "./", "../", ""), fc.array(segment, { maxLength: 6 }))
    .map(([start, parts]) => start + parts.join("/"));
  const paths = fc.array(path, { maxLength: 4 });

  /** An independent telling of the rule: by the names on the way. */
  const covers = (outer: string, inner: string) => {
    const names = (one: string) =>
      posix
        .normalize(one.split(sep).join("/"))
        .split("/")
        .filter((name) => name !== "");
    const [outerNames, innerNames] = [names(outer), names(inner)];
    return outerNames.every((name, index) => innerNames[index] === name);
  };

  it("lies in one that is declared and in one that is granted; all that does is in force", () => {
    fc.assert(
      fc.property(paths, paths, path, (asked, granted, probe) => {
        const { write } = inForce({ fs: { write: asked } }, { fs: { write: granted } }).fs;
        const within = (list: readonly string[]) => list.some((one) => covers(at(one), at(probe)));
        expect(within(write)).toBe(within(asked) && within(granted));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is told to be ungranted exactly if no grant covers it", () => {
    fc.assert(
      fc.property(paths, paths, (asked, granted) => {
        const missing = [
          ...ungrantedCapabilities(described({ fs: { write: asked } }), { fs: { write: granted } }),
        ];
        const expected = asked.flatMap((one, index) =>
          granted.some((other) => covers(at(other), at(one))) ? [] : [`/capabilities/fs/write/${index}`],
        );
        expect(missing.map(({ pointer }) => pointer)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});

it("the root holds every path", () => {
  expect(isWithin(resolve("/"), join(folder, "x"))).toBe(true);
});

describe("what is declared and not granted", () => {
  it("is named with the place in the manifest and what to grant", () => {
    const asked = {
      fs: { read: ["./data", "/data"], write: ["./cache"] },
      net: ["a.example:443", "b.example:443"],
      env: true,
      workers: true,
      addons: false,
    };
    expect([...ungrantedCapabilities(described(asked), { net: ["a.example:*"], env: ["LANG"] })]).toEqual([
      {
        pointer: "/capabilities/fs/read/1",
        name: 'fs.read "/data"',
        fault: undefined,
        grant: '{ fs: { read: ["/data"] } }',
      },
      {
        pointer: "/capabilities/fs/write/0",
        name: 'fs.write "./cache"',
        fault: undefined,
        grant: '{ fs: { write: ["./cache"] } }',
      },
      {
        pointer: "/capabilities/net/1",
        name: 'net "b.example:443"',
        fault: undefined,
        grant: '{ net: ["b.example:443"] }',
      },
      { pointer: "/capabilities/env", name: "all of env", fault: undefined, grant: "{ env: true }" },
      { pointer: "/capabilities/workers", name: "workers", fault: undefined, grant: "{ workers: true }" },
    ]);
  });

  it("has a fault where no grant would do", () => {
    const asked = { fs: { read: ["/data/*"] }, net: ["a.example"] };
    expect([...ungrantedCapabilities(described(asked), everything)].map(({ fault }) => fault)).toEqual([
      "patterns are not paths",
      "it is neither host:port nor host:*",
    ]);
  });

  it("is nothing where all is granted", () => {
    const asked = { ...everything, fs: { read: [".", "/data"], write: ["./cache"] }, net: ["a.example:1"] };
    expect([...ungrantedCapabilities(described(asked), everything)]).toEqual([]);
  });
});

describe("host services", () => {
  const extension = described(undefined, ["acme.orders", "acme.prices"]);

  it("are those that the manifest lists, as long as no grant names services", () => {
    expect([...grantedServices(extension)]).toEqual(["acme.orders", "acme.prices"]);
    expect([...grantedServices(extension, { env: true })]).toEqual(["acme.orders", "acme.prices"]);
    expect([...ungrantedServices(extension)]).toEqual([]);
  });

  it("are only those that a grant names, if it names any or none", () => {
    expect([...grantedServices(extension, { services: ["acme.prices", "acme.other"] })]).toEqual([
      "acme.prices",
    ]);
    expect([...grantedServices(extension, { services: [] })]).toEqual([]);
    expect([...ungrantedServices(extension, { services: ["acme.prices"] })]).toEqual([
      {
        pointer: "/services/0",
        name: 'the service "acme.orders"',
        fault: undefined,
        grant: '{ services: ["acme.prices", "acme.orders"] }',
      },
    ]);
  });
});
