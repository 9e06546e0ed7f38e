import { expect, test } from "vitest";
import {
  contributionOf,
  faultOfId,
  faultOfName,
  idOf,
  nameOf,
} from "../../../../../core/src/cli/create/project.js";

test.each([
  ["/new/hello", "hello"],
  ["/new/acme.hello", "acme.hello"],
  ["/new/My First Extension!", "my-first-extension"],
  ["/new/_a__b..c-", "a_b.c"],
  ["/new/日本", undefined],
  ["/", undefined],
  [`/${"long".repeat(40)}`, undefined],
])("the id made of the folder %s is %s", (folder, id) => {
  expect(idOf(folder)).toBe(id);
});

test.each([
  ["hello", "hello", "Hello"],
  ["acme.quick-hello_there", "quick-hello_there", "Quick hello there"],
])("what %s contributes is called %s, and %s for people", (id, contribution, name) => {
  expect(contributionOf(id)).toBe(contribution);
  expect(nameOf(id)).toBe(name);
});

test("an id that a manifest can't have is told with its form", () => {
  expect(faultOfId("acme.hello")).toBeUndefined();
  expect(faultOfId("Acme Hello")).toBe(
    "An id has to consist of lower-case letters and digits, with single dots, hyphens or underscores between them. Such as: acme.hello",
  );
  expect(faultOfId("")).toContain("An id ");
  expect(faultOfId("long".repeat(40))).toContain("128");
});

test("a name is one line of visible text", () => {
  expect(faultOfName(`The "Best" \\ Greeter ☃`)).toBeUndefined();
  for (const name of ["", "  ", "two\nlines", "bell\u0007", "left\u202eright", "x".repeat(81)]) {
    expect(faultOfName(name)).toMatch(/^A name has to /);
  }
});
