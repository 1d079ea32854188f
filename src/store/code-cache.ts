/**
 * V8's code cache on the disk, which spares a cold process most of its compiling: what names a cache, and whether one
 * that was read can be used. It is only ever a shortcut: whoever finds none compiles.
 */

/**
 * INVARIANT: one name for one text and one Node with its flags: V8 refuses the cache of another version or other flags,
 * but it would run the cache of another text of the same length. `build` stands for the text.
 */
export function codeCacheName(prefix: string, build: string): string {
  const given = givenFlags();
  const flags = given === "" ? "" : given.replace(/\W+/g, "_").slice(0, 80);
  return `${prefix}${process.version}-${process.arch}-${build}${flags}.v8`;
}

function givenFlags(): string {
  return process.execArgv.join("") + (process.env["NODE_OPTIONS"] ?? "");
}

/**
 * What V8 compiles to machine code in the process that makes a cache, it compiles at once in every process that reads
 * it. INVARIANT: on again before a cache is made, for V8 refuses one that was made under other flags.
 */
export function setMachineCode(isOn: boolean): void {
  const isUsual = givenFlags() === "" && (process.arch === "x64" || process.arch === "arm64");
  if (isUsual) process.getBuiltinModule("node:v8").setFlagsFromString(isOn ? "--sparkplug" : "--no-sparkplug");
}

/**
 * What a cache's file holds, `undefined` when it is damaged. INVARIANT: V8 does not check the body of a cache and
 * crashes on a damaged one, which would let calls through. So it is kept twice in its file, and used only while both
 * copies are equal: cheaper for a cold process than any checksum.
 */
export function intactCache(bytes: Buffer): Buffer | undefined {
  const data = bytes.subarray(0, bytes.length / 2);
  return data.length > 0 && data.equals(bytes.subarray(data.length)) ? data : undefined;
}
