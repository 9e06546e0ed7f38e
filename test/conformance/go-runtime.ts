/**
 * Lets the cases run against guests written in Go. A case sketches its extensions in JavaScript; the guest knows each
 * of those texts and does the same in Go. What it does not know, it names.
 */
import type { ExtensionFixture } from "@plugboard/core/testing";
import { inRepository } from "../support/repository.js";
import { buildGo, goOutput, missingGo } from "../support/go-toolchain.js";
import { join } from "node:path";
import type { RuntimeUnderTest } from "./runtime-under-test.js";

const absent = await missingGo();
const ofJavaScript = "it is about files and forms of JavaScript";
const ofObjects = "Go has no such objects";
const writtenOut = "a value of Go is written out by whoever sends it";
const typed = "Go's compiler refuses it";
const ofNode = "it is about what Node does with output when a process ends";

/** Where the guest is built. */
const guest = join(goOutput, "bin/conformance-guest");

export const goRuntime: RuntimeUnderTest = {
  kind: "go-plugin",
  options: { developmentFolders: [inRepository("extensions/runtime-go-plugin")] },
  passesReferences: false,
  lacks: { groups: "each extension is a process of its own" },
  lacksCases: {
    "a class in TypeScript gets services and its own classes through its constructor": ofJavaScript,
    "a constructor that asks for an undeclared service is CAPABILITY_DENIED with the line to add":
      ofJavaScript,
    "plain functions in an ES module, in CommonJS and in TypeScript are the same extension": ofJavaScript,
    "files of its own are imported, required and read again with each update": ofJavaScript,
    "two extensions use two majors of one package, each from its own node_modules": ofJavaScript,
    "the packages of the host are there without a node_modules": ofJavaScript,
    "points and tokens of an extension are those of the host": ofJavaScript,
    "the bundled extensions that greet and transform do so unchanged": ofJavaScript,
    "a file that can't be parsed or found fails the activation and is named": ofJavaScript,
    "the stack of what was thrown names the author's file": "an error of Go has no stack",
    "a thrown value that throws when it is looked at is CALL_FAILED all the same": ofObjects,
    "a result that is a promise within a promise is awaited": ofObjects,
    "what the code prints last of all is logged, also while the application is busy": ofNode,
    "a secret that is no text is refused": typed,
    "whatever is logged, the record has a text, and an error in any place is kept": typed,
    "options of a call that an extension makes are refused when they are not of their kind": typed,
    "keys that look like part of a prototype stay plain keys": "a map of Go has no order",
    "shared parts make a result CALL_TOO_LARGE, and the extension goes on": writtenOut,
    "what is thrown with shared parts is told in few words": writtenOut,
    "a logged field of shared parts is told in words, beside what is fine": writtenOut,
    "shared parts are STATE_INVALID for the storage": writtenOut,
    "shared parts can't be exported, and whoever asks for them is told so": writtenOut,
    "shared parts make a state CALL_TOO_LARGE, and the old generation goes on": writtenOut,
  },
  adapt,
  prepare: built,
  ...(absent === undefined ? {} : { absent }),
};

let building: Promise<string> | undefined;

/** Builds the guest, once for all cases of a file. */
async function built(): Promise<void> {
  building ??= buildGo("conformance-guest");
  await building;
}

function adapt(fixture: ExtensionFixture): ExtensionFixture {
  const { sketch } = fixture;
  const { supplies, head, activate, deactivate, saveState, source, version, contributes } = sketch;
  const texts = { supplies, head, activate, deactivate, saveState, source, version, contributes };
  return fixture.with({
    manifest: { ...sketch.manifest, runtime: { kind: "go-plugin", command: "./guest" } },
    files: { ...sketch.files, "sketch.json": JSON.stringify(texts) },
    copies: { ...sketch.copies, guest },
  });
}
