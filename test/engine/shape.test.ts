import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { couldMatch, GAP, STAR, STAR_NO_DOT, shapeOf } from "../../src/core/policy/match-shape.js";
import { globShape } from "../../src/core/policy/word-shape.js";
import { regex } from "./world.js";

const gaps = (text: string) => [...text].map((char) => (char === "…" ? GAP : char));

describe("a text of which pieces are known", () => {
  it.each([
    ["^rm -rf(?: [^]*)?$", "rm … x", true],
    ["^rm -rf(?: [^]*)?$", "git …", false],
    ["^rm -rf(?: [^]*)?$", "… -rf /", true],
    ["^git push --force$", "git …", true],
    ["^git push --force$", "git … origin", false],
    ["^(?:[^]*\\/)?\\.env(?:\\/[^]*)?$", "…/.env", true],
    ["^(?:[^]*\\/)?\\.env(?:\\/[^]*)?$", "…/.envrc", true],
    ["^(?:[^]*\\/)?\\.env(?:\\/[^]*)?$", "src/…", true],
    ["^\\.ssh(?:\\/[^]*)?$", "src/…", false],
    ["curl.*\\|", "echo …", true],
    ["^a{2}$", "a", true],
    ["^[abc]+$", "abc", true],
    ["^[abc]+$", "abd…", false],
    ["(?=x)y", "y", true],
    ["^(a|b|cd)e$", "c…e", true],
    ["^(a|b|cd)e$", "x…e", false],
    ["\\bfoo\\b", "bar", false],
    ["^\\u{41}\\x42\\/$", "AB/", true],
    ["^Ab$", "aB", false],
  ])("%s on %s: %s", (source, text, expected) => {
    expect(couldMatch(regex(source), gaps(text))).toBe(expected);
  });

  it("ignores case when asked", () => {
    expect(couldMatch(regex("^\\.ENV$"), gaps(".…"), true)).toBe(true);
    expect(couldMatch(regex("^\\.ENV$"), shapeOf(".env"), true)).toBe(true);
  });

  it("keeps a glob inside its segment, and away from names with a dot", () => {
    const secret = regex("^(?:[^]*\\/)?\\.env$");
    expect(couldMatch(secret, globShape("src/*"))).toBe(false);
    expect(couldMatch(secret, globShape("src/.e*"))).toBe(true);
    expect(couldMatch(secret, globShape("**"))).toBe(true);
    expect(couldMatch(regex("^src\\/a\\/b$"), globShape("src/*"))).toBe(false);
    expect(couldMatch(regex("^src\\/a\\/b$"), globShape("src/*/?"))).toBe(true);
    expect(globShape("*.ts").slice(0, 2)).toEqual([STAR_NO_DOT, STAR]);
  });

  it("gives up as `it could`, never as no, when the search is too long", () => {
    const needsX = regex("^[^]*x[^]*$");
    expect(couldMatch(needsX, shapeOf("b".repeat(300)))).toBe(false);
    expect(couldMatch(needsX, shapeOf("b".repeat(20_000)))).toBe(true);
  });

  const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", " ", "-"), maxLength: 8 });
  const atoms = fc.constantFrom(
    "a",
    "b",
    "\\/",
    "\\.",
    "[ab]",
    "[^a]",
    ".",
    "[^]",
    "\\w",
    "(?:a|b\\.)",
    "(?:\\/b)",
    " ",
    "-",
  );
  const sources = fc
    .array(fc.tuple(atoms, fc.constantFrom("", "", "*", "+", "?", "{2}", "{0,2}")), { maxLength: 5 })
    .chain((parts) =>
      fc
        .tuple(fc.constantFrom("", "^"), fc.constantFrom("", "$"))
        .map(([start, end]) => start + parts.map(([atom, sign]) => atom + sign).join("") + end),
    );

  it("never says no to a text that the regex matches", () => {
    fc.assert(
      fc.property(
        sources,
        letters,
        fc.nat(8),
        fc.nat(8),
        fc.constantFrom("u", "iu"),
        (source, text, from, to, flags) => {
          const start = Math.min(from, text.length);
          const end = Math.max(start, Math.min(to, text.length));
          const shape = [...text.slice(0, start), GAP, ...text.slice(end)];
          if (!new RegExp(source, flags).test(text)) return;
          expect(couldMatch(regex(source, flags), shape)).toBe(true);
          expect(couldMatch(regex(source, flags), shapeOf(text))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("says no to a whole text that the regex does not match, repetition counts aside", () => {
    fc.assert(
      fc.property(sources, letters, (source, text) => {
        if (source.includes("{") || new RegExp(source, "u").test(text)) return;
        expect(couldMatch(regex(source), shapeOf(text))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
