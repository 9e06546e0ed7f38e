/** The example of a runtime that anybody could bring keeps what calls and crashes promise. */
import { vi } from "vitest";

vi.stubEnv("PLUGBOARD_TEST_MODE", "example");
await import("./calls.test.js");
await import("./crashes.test.js");
