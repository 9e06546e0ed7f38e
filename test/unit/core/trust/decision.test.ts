import { expect, test } from "vitest";
import { admit, decide, parseDecision, type ExaminedContent } from "../../../../core/src/trust/decision.js";
import type { TrustState } from "../../../../core/src/trust/judge.js";

const verdict = (state: TrustState, key = "ed25519-a", endorsedBy?: string) => ({
  state,
  message: `It is ${state}.`,
  ...(state === "unsigned" ? {} : { signer: { key, endorsedBy, signedAt: "2030-01-01T00:00:00.000Z" } }),
});
const content = (version: string, more: Partial<ExaminedContent> = {}): ExaminedContent => ({
  id: "acme.english",
  version,
  digest: `sha256:${version}`,
  rights: ["net a:1"],
  verdict: verdict("verified"),
  ...more,
});
const trusted = decide(content("1.1.0"), undefined, {});
const codeOf = (one: ExaminedContent, decision: typeof trusted | undefined = trusted) => {
  const admission = admit(one, decision);
  return admission.kind === "admitted" ? "admitted" : admission.refusal.code;
};

test("the files that were trusted may run, whatever becomes of their signature but a revocation", () => {
  for (const state of ["verified", "unsigned", "unknown key", "expired"] as const)
    expect(codeOf(content("1.1.0", { verdict: verdict(state) }))).toBe("admitted");
  expect(codeOf(content("1.1.0", { verdict: verdict("revoked") }))).toBe("TRUST_REVOKED");
});

test("what nobody decided about may not run, however well it is signed", () => {
  expect(admit(content("1.0.0"), undefined)).toMatchObject({
    kind: "refused",
    refusal: { code: "UNTRUSTED" },
  });
});

test("an update comes through if the same signer signed it and it asks for nothing more", () => {
  const admission = admit(content("1.2.0", { rights: [] }), trusted);
  expect(admission).toEqual({
    kind: "admitted",
    decision: {
      version: "1.2.0",
      digest: "sha256:1.2.0",
      rights: [],
      newest: "1.2.0",
      key: "ed25519-a",
    },
  });
  expect(codeOf(content("1.2.0", { verdict: verdict("verified", "ed25519-b", "ed25519-a") }))).toBe(
    "admitted",
  );
});

test.each([
  ["asks for more", { rights: ["net a:1", "net b:1"] }, "TRUST_WIDER"],
  ["is signed by another trusted key", { verdict: verdict("verified", "ed25519-b") }, "UNTRUSTED"],
  ["is signed by nobody", { verdict: verdict("unsigned") }, "TRUST_LESS"],
  ["is signed by an unknown key", { verdict: verdict("unknown key") }, "TRUST_UNKNOWN_KEY"],
  ["was changed after signing", { verdict: verdict("modified") }, "TRUST_MODIFIED"],
  ["has expired", { verdict: verdict("expired") }, "TRUST_EXPIRED"],
  ["is older", { version: "1.0.0", digest: "sha256:1.0.0" }, "TRUST_OLDER"],
  ["has the same version and other files", { version: "1.1.0", verdict: verdict("unsigned") }, "TRUST_LESS"],
] as const)("an update that %s waits", (_case, more, code) => {
  expect(codeOf(content("1.2.0", more))).toBe(code);
});

test("what was trusted without a signature is never replaced by itself", () => {
  const unsigned = decide(content("1.1.0", { verdict: verdict("unsigned") }), undefined, {});
  expect(codeOf(content("1.2.0"), unsigned)).toBe("UNTRUSTED");
});

test("a pinned version stays alone, and the newest one is remembered beyond it", () => {
  const pinned = decide(content("1.0.0"), trusted, { isPinned: true });
  expect(pinned).toMatchObject({ version: "1.0.0", newest: "1.1.0", isPinned: true });
  expect(codeOf(content("1.0.0"), pinned)).toBe("admitted");
  expect(codeOf(content("1.2.0"), pinned)).toBe("UNTRUSTED");
  expect(codeOf(content("1.0.5"), pinned)).toBe("TRUST_OLDER");
});

test("a decision survives its text, and what is none is told", () => {
  expect(parseDecision(JSON.parse(JSON.stringify(trusted)))).toEqual(trusted);
  for (const damage of [{ newest: "next" }, { rights: "all" }, { digest: 1 }, { key: 1 }, { isPinned: "no" }])
    expect(parseDecision({ ...trusted, ...damage })).toBeUndefined();
  expect(parseDecision(null)).toBeUndefined();
});
