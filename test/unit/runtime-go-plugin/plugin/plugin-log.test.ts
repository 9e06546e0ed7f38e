import type { Logger, LogLevel } from "@plugboard/extension-api";
import { expect, test } from "vitest";
import { PluginLog } from "../../../../extensions/runtime-go-plugin/src/plugin/plugin-log.js";

type Entry = readonly [LogLevel, string, unknown];

function logged(...lines: readonly string[]): readonly Entry[] {
  return entriesOf((log) => {
    for (const text of lines) log.line({ stream: "stderr", text });
  });
}

function entriesOf(tell: (log: PluginLog) => void): readonly Entry[] {
  const entries: Entry[] = [];
  const take = (level: LogLevel) => (message: string, fields?: unknown) =>
    entries.push([level, message, fields]);
  const logger: Logger = {
    debug: take("debug"),
    info: take("info"),
    warn: take("warn"),
    error: take("error"),
  };
  tell(new PluginLog(logger));
  return entries;
}

test("a record of hclog keeps its level, its message and its fields", () => {
  const time = "2026-01-02T03:04:05.000006Z";
  expect(
    logged(
      `{"@level":"warn","@message":"odd","@module":"greeter","@timestamp":"${time}","count":3,"by":{"a":[1]}}`,
      `{"@level":"trace","@message":"deep"}`,
      `{"@level":"loud","@message":"what"}`,
    ),
  ).toEqual([
    ["warn", "odd", { module: "greeter", time, count: 3, by: { a: [1] } }],
    ["debug", "deep", { level: "trace" }],
    ["debug", "what", {}],
  ]);
});

test("text has the level that it begins with, else debug; JSON that is no record of hclog is text", () => {
  expect(logged("[TRACE] t", "[INFO] i", "[WARN] w", "[ERROR] e", "plain", '{"msg":"x"}', "{broken")).toEqual(
    [
      ["debug", "[TRACE] t"],
      ["info", "[INFO] i"],
      ["warn", "[WARN] w"],
      ["error", "[ERROR] e"],
      ["debug", "plain"],
      ["debug", '{"msg":"x"}'],
      ["debug", "{broken"],
    ].map((entry) => [...entry, { stream: "stderr" }]),
  );
});

test("from a panic on, every line is an error", () => {
  const levels = logged("before", "panic: boom", "", "goroutine 1 [running]:").map(([level]) => level);
  expect(levels).toEqual(["debug", "error", "error", "error"]);
});

test("what comes through the stdio service has the levels and records of standard error, and tells of no crash", () => {
  const lines = [`{"@level":"error","@message":"bad","n":1}`, "[INFO] i", "panic: recovered", "plain"];
  expect(
    entriesOf((log) => {
      for (const text of lines) log.printed({ stream: "stderr", text });
      log.printed({ stream: "stdout", text: "[ERROR] on standard output" });
    }),
  ).toEqual([
    ["error", "bad", { n: 1 }],
    ["info", "[INFO] i", { stream: "stderr" }],
    ["warn", "panic: recovered", { stream: "stderr" }],
    ["warn", "plain", { stream: "stderr" }],
    ["info", "[ERROR] on standard output", { stream: "stdout" }],
  ]);
});
