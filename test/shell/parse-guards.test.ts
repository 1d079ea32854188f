import { describe, expect, it } from "vitest";
import { parseShellText } from "../../src/core/shell/parse.js";
import { vectors } from "./vectors.js";

const codes = (text: string): readonly string[] => parseShellText(text).reasons.map((reason) => reason.code);

describe("what shells read differently, or a parser is known to misread, is not known", () => {
  it.each(vectors.refused)("$code: $text", ({ code, text }) => {
    expect(parseShellText(text).status).toBe("unknown");
    if (code !== null) expect(codes(text)).toContain(code);
  });
});

describe("a word that only running the shell could tell has no value", () => {
  it.each(vectors.dynamic)("$text: word $index because of $why", ({ text, index, why }) => {
    const { status, commands } = parseShellText(text);
    expect(status).toBe("ok");
    expect(commands[0]?.argv[index]?.value).toBeNull();
    expect(commands[0]?.argv[index]?.why).toContain(why);
  });
});

describe("a static word has the value the shell gives it", () => {
  it.each(vectors.static)("$text", ({ text, argv }) => {
    const { status, commands } = parseShellText(text);
    expect(status).toBe("ok");
    expect(commands[0]?.argv.map((word) => word.value)).toEqual(argv);
  });
});

describe("ordinary shell is understood", () => {
  it.each(vectors.sound)("%j", (text) => {
    expect(codes(text)).toEqual([]);
  });
});
