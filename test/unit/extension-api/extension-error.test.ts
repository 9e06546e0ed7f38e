import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ExtensionError, isExtensionError } from "../../../extension-api/src/extension-error.js";

describe("an extension error", () => {
  it("carries its code, its extension, its details and its cause", () => {
    const cause = new Error("deep");
    const error = new ExtensionError("CALL_FAILED", "greet failed", {
      extensionId: "acme.english",
      details: { method: "greet" },
      cause,
    });
    expect(error).toMatchObject({
      name: "ExtensionError",
      code: "CALL_FAILED",
      extensionId: "acme.english",
      details: { method: "greet" },
      message: "greet failed",
      cause,
    });
  });

  it("has no cause unless one is given", () => {
    expect("cause" in new ExtensionError("INTERNAL", "x")).toBe(false);
  });

  it("is recognised by its brand, whichever copy of the class made it", () => {
    const foreign: unknown = runInNewContext(
      'Object.assign(new Error("x"), { code: "CALL_TIMEOUT", details: {}, [Symbol.for("plugboard.extension-error")]: true })',
    );
    expect([isExtensionError(foreign), isExtensionError(foreign, "CALL_TIMEOUT")]).toEqual([true, true]);
  });

  it("is not mistaken for another code, nor another value for it", () => {
    const error = new ExtensionError("CALL_TIMEOUT", "x");
    const others = [new Error("x"), { code: "CALL_TIMEOUT" }, undefined, null, "CALL_TIMEOUT"];
    expect([
      isExtensionError(error, "CALL_FAILED"),
      ...others.map((other) => isExtensionError(other)),
    ]).toEqual([false, false, false, false, false, false]);
  });
});
