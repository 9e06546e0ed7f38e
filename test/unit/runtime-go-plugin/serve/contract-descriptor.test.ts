import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { contractDescriptor } from "../../../../extensions/runtime-go-plugin/src/serve/contract-descriptor.js";
import { goTest } from "../../../support/go-test.js";
import { inRepository } from "../../../support/repository.js";

goTest("what is told by reflection is the published contract", async () => {
  const contract = inRepository("extensions/runtime-go-plugin/go/src/plugboard.dev/plugboard/contract");
  const folder = await mkdtemp(join(tmpdir(), "plugboard-"));
  try {
    const file = join(folder, "contract.desc");
    await promisify(execFile)("protoc", ["-I", contract, `--descriptor_set_out=${file}`, "contract.proto"]);
    // The set's one field: its tag, and its length in two bytes.
    expect((await readFile(file)).subarray(3)).toEqual(contractDescriptor());
  } finally {
    await rm(folder, { recursive: true });
  }
});
