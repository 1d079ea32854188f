/** The notation of operands (`"word read*"`, `"read* write"`, `"read*=."`, `"word*+.git"`) laid over the operands that are there. */
import type { Role } from "./programs/knowledge.js";
import type { Word } from "./shell.js";

interface Roles {
  /** One an operand. */
  readonly roles: readonly Role[];
  /** The path touched when no operand names one. */
  readonly otherwise: string | undefined;
  /** The path touched in any case. */
  readonly always: string | undefined;
}

const ROLES = new Set<string>([
  "word",
  "read",
  "write",
  "append",
  "edit",
  "delete",
  "run",
  "script",
  "directory",
  "assign",
  "pair",
  "variable",
  "format",
  "remote",
  "revision",
  "alias",
  "setting",
  "name",
  "forge",
  "toggle",
  "lint",
  "filled",
  "page",
  "letters",
  "other",
] satisfies Role[]);

/**
 * `isGiven`: an option already gave an operand: the last one where a row ends in one (`cp -t dir file`), else the first
 * (`grep -e x file`).
 */
export function rolesOf(notation: string, operands: readonly Word[], isGiven: boolean): Roles {
  const { list, sign, path } = readNotation(notation);
  const listed = list.split(" ").filter((each) => each !== "");
  const endsFixed = listed.length > 1 && listed[0]?.endsWith("*") === true;
  const names = !isGiven ? listed : endsFixed ? listed.slice(0, -1) : listed.slice(1);
  const star = names.findIndex((name) => name.endsWith("*"));
  const before = star < 0 ? names : names.slice(0, star);
  const after = star < 0 ? [] : names.slice(star + 1);
  const roles = operands.map((_, index): Role => {
    const fromEnd = operands.length - index;
    if (star < 0) return roleOf(names[index]);
    if (index < before.length) return roleOf(before[index]);
    return fromEnd <= after.length ? roleOf(after[after.length - fromEnd]) : roleOf(names[star]);
  });
  // BSD `sed -i '' 's/a/b/' f`: an empty script is a backup suffix and the script follows.
  if (roles[0] === "script" && operands[0]?.value === "" && roles.length > 1) roles[1] = "script";
  return { roles, otherwise: sign === "=" ? path : undefined, always: sign === "+" ? path : undefined };
}

/** `"read*=."` -> what stands before the sign, the sign and what stands behind it. */
function readNotation(notation: string): { list: string; sign: string; path: string } {
  for (let at = 0; at < notation.length; at++) {
    const sign = notation.charAt(at);
    if (sign === "=" || sign === "+") return { list: notation.slice(0, at), sign, path: notation.slice(at + 1) };
  }
  return { list: notation, sign: "", path: "" };
}

/** An operand beyond the last role is not understood. */
function roleOf(name: string | undefined): Role {
  const role = name?.replace("*", "") ?? "other";
  return isRole(role) ? role : "other";
}

function isRole(name: string): name is Role {
  return ROLES.has(name);
}
