/** The example of a runtime that anybody could bring keeps what calls and crashes promise. */
import { pythonRuntime } from "./python-runtime.js";
import { chosen } from "./runtimes-under-test.js";

const before = chosen.runtimes;
chosen.runtimes = [pythonRuntime];
await import("./calls.test.js");
await import("./crashes.test.js");
// Files share a process.
chosen.runtimes = before;
