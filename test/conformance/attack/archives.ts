/** Archives that no honest program writes, installed beside the extensions that run. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { installExtension } from "@plugboard/core/packaging";
import { manifest, tarEntries, tarOf, type CraftedEntry } from "../../unit/core/archive/crafted-archive.js";
import { codeOf, type Attack } from "./attack.js";

const with_ = (...entries: readonly CraftedEntry[]) => gzipSync(tarOf([manifest, ...entries]));
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `package/${String(index)}` }));

const archives: readonly (readonly [name: string, bytes: () => Buffer])[] = [
  ["a path that leads out", () => with_({ path: "package/../../outside", content: "x" })],
  ["an absolute path", () => with_({ path: "/tmp/outside", content: "x" })],
  ["a path of another system", () => with_({ path: "package/..\\outside", content: "x" })],
  ["a link", () => with_({ path: "package/link", type: "2", link: "/etc/passwd" })],
  ["a hard link", () => with_({ path: "package/link", type: "1", link: "/etc/passwd" })],
  ["a device", () => with_({ path: "package/null", type: "3" })],
  ["a pipe", () => with_({ path: "package/pipe", type: "6" })],
  ["a path that is there twice", () => with_({ path: "package/a" }, { path: "package/A" })],
  ["twenty thousand files", () => with_(...many(20_000))],
  ["400 MB in 400 KB", () => with_({ path: "package/zeros", content: Buffer.alloc(400 * 1024 * 1024) })],
  ["a size beyond its end", () => gzipSync(tarEntries([manifest, { path: "package/long", size: 2 ** 32 }]))],
  ["half an archive", () => with_(...many(100)).subarray(0, 300)],
  ["no archive", () => Buffer.from("no archive at all")],
  ["no manifest", () => gzipSync(tarOf([{ path: "package/extension.js" }]))],
  ["two folders", () => with_({ path: "other/file" })],
];

/** Archives, each in a folder of its own. */
export const archiveAttacks: readonly Attack[] = archives.map(([name, make]) => {
  let bytes: Uint8Array = new Uint8Array(0);
  return {
    name,
    prepare: () => {
      bytes = make();
    },
    run: async ({ kit, name: own }) => {
      const folder = join(kit.temporaryFolder, own);
      await mkdir(join(folder, "extensions"), { recursive: true });
      await writeFile(join(folder, "crafted.tgz"), bytes);
      const installed = installExtension(join(folder, "crafted.tgz"), {
        extensionFolder: join(folder, "extensions"),
      });
      const code = await codeOf(installed, ["ARCHIVE_", "MANIFEST_"]);
      await rm(folder, { recursive: true });
      return code;
    },
  };
});
