/**
 * What each character of a shell text was understood as. The walk paints outer structure first and inner structure over
 * it; what is still `gap` at the end was claimed by nothing and must be plain punctuation.
 */
export const ink = {
  gap: 0,
  /** Unquoted text of a word. */
  word: 1,
  /** `'…'` and `$'…'`: nothing inside is special. */
  single: 2,
  /** Literal text between double quotes. */
  double: 3,
  /** An expansion's own characters, both ends of a substitution included. */
  expansion: 4,
  arithmetic: 5,
  /** Inside `[[ ]]`. */
  test: 6,
  /** Between the words of an array value. */
  array: 7,
  /** Body of a here-document whose delimiter is quoted. */
  quotedBody: 8,
  /** Body of a here-document in which expansions run. */
  body: 9,
  /** A redirect's descriptor, operator and blanks; `!` and `time`. */
  operator: 10,
  comment: 11,
  /** A parenthesis of a subshell, array, function or case pattern. */
  parenthesis: 12,
} as const;

export type Ink = (typeof ink)[keyof typeof ink];

/** Quoted, so that no shell reads syntax there. */
export function isInert(painted: number | undefined): boolean {
  return painted === ink.single || painted === ink.quotedBody || painted === ink.comment;
}

/** Is the character at `index` behind an odd number of backslashes that count? */
export function isEscaped(text: string, paint: Uint8Array, index: number): boolean {
  let first = index;
  while (first > 0 && text.charCodeAt(first - 1) === 92 && !isInert(paint[first - 1])) first--;
  return (index - first) % 2 === 1;
}
