// The licences of the packages whose code is in dist/, as each of them asks: one file, dist/THIRD-PARTY.txt.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @param sources files of packages that were bundled. */
export function writeLicences(folder, sources) {
  const places = sources.flatMap((file) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const texts = [...new Set(places)].map((place) => {
    const { name, version, license } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    const file = readdirSync(place).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(place, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  const intro = "claude-permit holds code of these packages.\n";
  writeFileSync(join(folder, "THIRD-PARTY.txt"), [intro, ...texts.sort()].join(`\n${"-".repeat(80)}\n\n`));
}
