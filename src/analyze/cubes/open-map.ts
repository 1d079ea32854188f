/** Keeps a map of open things small: once it holds twice the limit, the oldest half is handed over and forgotten. */
export function closeOldest<Value>(open: Map<string, Value>, limit: number, close: (value: Value) => void): void {
  if (open.size < 2 * limit) return;
  let left = open.size - limit;
  // In one sweep, because taking the first entry of a map again and again walks over every deleted one.
  for (const [key, value] of open) {
    if (left-- === 0) break;
    open.delete(key);
    close(value);
  }
}
