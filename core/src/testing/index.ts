export {
  anExtension,
  type ExtensionFixture,
  type ExtensionSketch,
  type SlowWriteOptions,
} from "./extension-fixture.js";
export { createTestHost, testLimits, type TestHost, type TestHostOptions } from "./create-test-host.js";
export { eventually, type EventuallyOptions } from "./eventually.js";
export { recordEvents, type EventRecord } from "./record-events.js";
