/** Names of files in a state that is kept as text: a log is renamed when it is full, so a place is told by what stays the same. */

export interface PlaceNames {
  readonly hide: (state: string) => string;
  readonly show: (hidden: string) => string;
}

/** Of plain text, a quote is escaped: so this is a key and never what somebody wrote. */
const NAMED = /"file":("(?:[^"\\]|\\.)*")/g;

/** @param keyOf of each file's name what it is called in the text */
export function placeNames(keyOf: ReadonlyMap<string, string>): PlaceNames {
  const hidden = new Map([...keyOf].map(([name, key]) => [JSON.stringify(name), JSON.stringify(`\0${key}`)]));
  const shown = new Map([...hidden].map(([name, key]) => [key, name]));
  return { hide: (state) => exchanged(state, hidden), show: (text) => exchanged(text, shown) };
}

function exchanged(text: string, other: ReadonlyMap<string, string>): string {
  return text.replace(NAMED, (found, name: string) => {
    const next = other.get(name);
    return next === undefined ? found : `"file":${next}`;
  });
}
