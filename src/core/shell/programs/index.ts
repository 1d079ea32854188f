/** Every program that is known, by base name. One owner a name. */
import { BUILTINS } from "./builtins.js";
import { CHECKERS } from "./checkers.js";
import { FILES } from "./files.js";
import { FORGES } from "./forges.js";
import { GIT } from "./git.js";
import { INSTALLERS } from "./installers.js";
import type { Knowledge, Programs } from "./knowledge.js";
import { LANGUAGES } from "./languages.js";
import { SCRIPTS } from "./scripts.js";
import { SYSTEMS } from "./systems.js";
import { TEXT } from "./text.js";
import { WRAPPERS } from "./wrappers.js";

export const TABLES: readonly Programs[] = [
  BUILTINS,
  FILES,
  TEXT,
  GIT,
  FORGES,
  WRAPPERS,
  CHECKERS,
  SCRIPTS,
  LANGUAGES,
  INSTALLERS,
  SYSTEMS,
];

const PROGRAMS: ReadonlyMap<string, Knowledge> = new Map(TABLES.flatMap((table) => Object.entries(table)));

export function findProgram(name: string): Knowledge | undefined {
  return PROGRAMS.get(name);
}
