import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import {
  ChildTransformer,
  transformProgram,
} from "../../../../../core/src/runtime/transform/child-transformer.js";

const source = { file: "/extension/main.js", source: "export {};", isModule: true } as never;

async function aProgram(code: string): Promise<string> {
  const program = join(await mkdtemp(join(tmpdir(), "plugboard-transform-")), "program.mjs");
  await writeFile(program, code);
  return program;
}

test.skipIf(process.platform === "win32")(
  "a program that answers without end is ended, and the code is told to be too large",
  async () => {
    const program = await aProgram(`
    import { writeFileSync } from "node:fs";
    writeFileSync(new URL("./pid", import.meta.url), String(process.pid));
    const piece = Buffer.alloc(1024 * 1024);
    const go = () => { while (process.stdout.write(piece)); process.stdout.once("drain", go); };
    go();`);
    const transformer = new ChildTransformer(program);
    const tooLarge = {
      code: "MODULE_UNSUPPORTED",
      message: expect.stringContaining("becomes more than 64 MiB"),
    };
    await expect(transformer.transformLater(source, undefined)).rejects.toMatchObject(tooLarge);
    expect(() => transformer.transform(source)).toThrow("becomes more than 64 MiB");
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      `sleep 0.2; kill -0 $(cat ${join(program, "../pid")}) 2>&1; echo $?`,
    ]);
    expect(stdout.trim().at(-1)).toBe("1");
  },
);

test.skipIf(process.platform === "win32")(
  "without a file descriptor to spare the code is told not to be transformed",
  async () => {
    const program = await aProgram("");
    const module = JSON.stringify(
      new URL("../../../../../core/dist/runtime/transform/child-transformer.js", import.meta.url).href,
    );
    const script = `
    import { openSync } from "node:fs";
    const { ChildTransformer } = await import(${module});
    const source = { file: "/extension/main.js", source: "export {};" };
    const transformer = new ChildTransformer(${JSON.stringify(program)});
    try { for (;;) openSync("/dev/null"); } catch {}
    await transformer.transformLater(source).then(() => console.log("transformed"), (error) => console.log(error.code, error.message));`;
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      `ulimit -n 64; exec "$0" --input-type=module -e "$1"`,
      process.execPath,
      script,
    ]);
    expect(stdout).toMatch(/^MODULE_FAILED .*EMFILE/u);
  },
);

test("code that becomes too large is told to be that, and not to nest too deeply", async () => {
  // In an answer each of these takes six bytes.
  const text = `export const x = 1; /* ${"\u0001".repeat(12 * 2 ** 20)} */`;
  const transformer = new ChildTransformer(transformProgram().replace("/src/", "/dist/"));
  await expect(
    transformer.transformLater({ file: "/extension/main.js", text, packageType: "module" }, undefined),
  ).rejects.toMatchObject({ message: expect.stringContaining("becomes more than 64 MiB") });
});
