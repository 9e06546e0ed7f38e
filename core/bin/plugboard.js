#!/usr/bin/env node
// Plain JavaScript that any Node can parse, so that an old Node gets a sentence and not a stack trace.
var major = Number(process.versions.node.split(".")[0]);
var minor = Number(process.versions.node.split(".")[1]);
if (major < 22 || (major === 22 && minor < 22)) {
  console.error("plugboard needs Node 22.22 or newer; this is Node " + process.versions.node + ".");
  process.exitCode = 3;
} else {
  import("../bundle/entries/main.js");
}
