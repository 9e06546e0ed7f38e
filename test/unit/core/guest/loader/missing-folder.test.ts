/** A folder that goes while a load begins. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isExtensionError } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import { createModuleLoader } from "../../../../../core/src/guest/loader/module-loader.js";
import { TransformCache } from "../../../../../core/src/guest/loader/transform-cache.js";

test("a folder that is gone is a module not found, as one on its way is", () => {
  const create = () =>
    createModuleLoader({
      folder: join(tmpdir(), "plugboard-of-nobody"),
      provided: new Map(),
      cache: new TransformCache(),
      signal: new AbortController().signal,
      onFile: () => undefined,
    });

  expect(create).toThrow(expect.toSatisfy((error) => isExtensionError(error, "MODULE_NOT_FOUND")));
});
