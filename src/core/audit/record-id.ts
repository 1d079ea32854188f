/** Names of new records: UUID version 7 (RFC 9562), so that ids sort by time. Time and chance come from the caller. */

/** `random` gives 10 bytes of chance; the version and variant bits are laid over them. */
export function newRecordId(nowMs: number, random: Uint8Array): string {
  return uuidFrom(nowMs, 0x70, random);
}

/** The 16 bytes of a UUID: 48 bits of milliseconds, then version, variant and `tail`'s remaining 74 bits. */
export function uuidFrom(ms: number, version: 0x70 | 0x80, tail: Uint8Array): string {
  const bytes = new Uint8Array(16);
  const time = Math.max(0, Math.trunc(ms));
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(time / 2 ** (40 - 8 * index)) % 256;
  for (let index = 0; index < 10; index++) bytes[6 + index] = tail[index] ?? 0;
  bytes[6] = version | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
