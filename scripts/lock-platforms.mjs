// Completes package-lock.json after `npm install` behind a registry mirror that carries one platform only: npm leaves the
// optional packages of the other platforms out of the lock file and then refuses `npm ci` because they are missing.
// Adds each with its version, system and processor as its name tells them, so that it is skipped where it does not fit.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const SYSTEMS = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32", "aix"];
const PROCESSORS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x", "loong64", "wasm32", "mips64el"];
const SPELLINGS = { macos: "darwin", windows: "win32", eabi: "arm", gnueabihf: "arm", musleabihf: "arm" };

let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const exact = version.replace(/^[\^~]/, "");
    if (resolved(path, name)?.version === exact) continue;
    const words = name.split(/[/@-]/).map((word) => SPELLINGS[word] ?? word);
    const os = SYSTEMS.filter((system) => words.includes(system));
    const cpu = PROCESSORS.filter((processor) => words.includes(processor));
    if (os.length === 0 && cpu.length === 0) continue;
    const place = lock.packages[`node_modules/${name}`] === undefined ? "" : `${path}/`;
    lock.packages[`${place}node_modules/${name}`] = {
      version: exact,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added++;
  }
}

/** What Node would find for `name` from the package at `path`. */
function resolved(path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    const found = lock.packages[`${from === "" ? "" : `${from}/`}node_modules/${name}`];
    if (found !== undefined || from === "") return found;
  }
}

const [root, ...others] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added to package-lock.json`);
