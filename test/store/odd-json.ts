/** JSON objects as nobody would format them: white space, line ends and indentation at random, but valid. */
import fc from "fast-check";

export interface OddJson {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const SPACE = fc.stringMatching(/^[ \t\n]{0,4}$/);

/** `value` may hold `fixed`, whatever else there is. */
export function oddJson(fixed: fc.Arbitrary<Record<string, unknown>> = fc.constant({})): fc.Arbitrary<OddJson> {
  const others = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 });
  return fc
    .tuple(others, fixed, fc.array(SPACE, { minLength: 1, maxLength: 12 }), fc.boolean())
    .map(([rest, given, spaces, isWindows]) => {
      const value: Record<string, unknown> = JSON.parse(JSON.stringify({ ...rest, ...given }));
      let at = 0;
      const space = (): string => spaces[at++ % spaces.length] ?? "";
      const text = space() + written(value, space) + space();
      return { text: isWindows ? text.replaceAll("\n", "\r\n") : text, value };
    });
}

function written(value: unknown, space: () => string): string {
  if (Array.isArray(value)) {
    return `[${space()}${value.map((item) => written(item, space)).join(`${space()},${space()}`)}${space()}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}${space()}:${space()}${written(item, space)}`,
  );
  return `{${space()}${members.join(`${space()},${space()}`)}${space()}}`;
}
