import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Host } from "../../../../../core/src/host/host.js";
import { listedExtension, listedExtensions } from "../../../../../core/src/host/offline/listed-extensions.js";
import { temporaryFolder, write } from "../../discovery/discovery-harness.js";

function writeExtension(folder: string, id: string, more = ""): void {
  write(join(folder, "plugin.json5"), `{ manifestVersion: 1, id: "${id}", version: "1.0.0" ${more} }`);
}

test("the extensions of folders are those that a host would use, in its order", async () => {
  const [first, second, developed] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  writeExtension(join(first, "b"), "acme.b");
  writeExtension(join(first, "a"), "acme.same");
  writeExtension(join(first, "broken"), "acme.broken", ", main: 1");
  writeExtension(join(first, "node_modules"), "acme.packages");
  writeExtension(join(first, "new"), "acme.new", ', engines: { plugboard: ">=99" }');
  mkdirSync(join(first, "empty"));
  writeExtension(join(second, "a"), "acme.same");
  writeExtension(join(second, "b"), "acme.d", ', extensionDependencies: ["acme.gone"]');
  writeExtension(join(second, "c"), "acme.developed");
  writeExtension(developed, "acme.developed");
  symlinkSync(join(second, "b"), join(second, "link"));
  const folders = {
    extensionFolders: [first, second, join(first, "missing")],
    developmentFolders: [developed],
  };
  const listed = await listedExtensions(folders);
  const host = new Host(folders);
  host.list();
  const used = [...host.extensions].filter(({ state, reason }) => {
    return state !== "invalid" && state !== "blocked" ? true : reason?.code === "DEPENDENCY_MISSING";
  });
  await host.stop();
  expect([...listed.values()].map(({ id, folder }) => ({ id, folder }))).toEqual(
    used.map(({ id, folder }) => ({ id, folder })),
  );
  expect([...listed.keys()]).toEqual(["acme.developed", "acme.same", "acme.b", "acme.d"]);
});

test("an id that no folder holds is refused with the nearest one", async () => {
  const folder = temporaryFolder();
  writeExtension(join(folder, "a"), "acme.english");
  await expect(
    listedExtension("acme.englisch", { extensionFolders: [folder], developmentFolders: [] }),
  ).rejects.toMatchObject({
    code: "EXTENSION_UNKNOWN",
    message: 'No extension "acme.englisch" is known. Did you mean "acme.english"?',
  });
});
