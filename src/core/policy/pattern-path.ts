/**
 * Path patterns of `Read(...)` and `Edit(...)`: gitignore's spelling with Claude Code's anchors (contract 8.2). Where
 * the two readings of a pattern differ, a deny or ask rule takes the wider one and an allow rule the narrower.
 */
import type { ErrorCode } from "../errors.js";
import { pathSource } from "./glob.js";
import type { Pattern } from "./policy.js";

type PathPattern = Extract<Pattern, { kind: "path" }>;

export interface AnchoredPath {
  readonly anchor: PathPattern["anchor"];
  /** Regex source for the path below the anchor, without a leading slash ("" is the anchor itself). */
  readonly source: string;
  /** Set when the path looks absolute but is not. */
  readonly isRooted: boolean;
}

export type PathResult =
  | { readonly kind: "path"; readonly path: AnchoredPath }
  | { readonly kind: "refused"; readonly code: ErrorCode };

/** Top folders of a file system: `/etc/passwd` was hardly meant to be below the project. */
const TOP_FOLDER =
  /^\/(?:bin|boot|dev|etc|home|lib|media|mnt|opt|private|proc|root|sbin|srv|sys|tmp|Users|usr|var|Volumes)(?:\/|$)/;

/** `wide`: for deny, ask and deny_promote. */
export function readPathPattern(written: string, wide: boolean): PathResult {
  if (written.startsWith("!")) return { kind: "refused", code: "pattern-negation" };
  if (/^\$\{?[A-Za-z_]/.test(written)) return { kind: "refused", code: "pattern-variable" };
  const split = splitAnchor(written);
  const parents = /^(?:\.\.(?:\/|$))+/.exec(split.rest)?.[0] ?? "";
  const isInner = /(?:^|\/)\.\.(?:\/|$)/.test(split.rest.slice(parents.length));
  const isNothing = parents !== "" && parents.length === split.rest.length;
  if (isInner || isNothing || (parents !== "" && !wide)) return { kind: "refused", code: "pattern-parent" };
  const rest = split.rest.slice(parents.length).replace(/(?<=^|\/)\.\//g, "");
  const anchor = parents === "" ? split.anchor : "any-depth";
  const path = anchor === "cwd" ? belowCwd(rest, wide) : anchored(anchor, rest, wide);
  return { kind: "path", path: { ...path, isRooted: split.anchor === "source" && TOP_FOLDER.test(written) } };
}

function splitAnchor(written: string): { anchor: PathPattern["anchor"]; rest: string } {
  if (written.startsWith("//")) return { anchor: "root", rest: written.replace(/^\/+/, "") };
  if (written === "~" || written.startsWith("~/")) return { anchor: "home", rest: written.slice(2) };
  if (written.startsWith("/")) return { anchor: "source", rest: written.slice(1) };
  return { anchor: "cwd", rest: written.replace(/^(?:\.\/+)+/, "").replace(/^\.$/, "") };
}

type Anchored = Pick<AnchoredPath, "anchor" | "source">;

function anchored(anchor: PathPattern["anchor"], rest: string, wide: boolean): Anchored {
  const lead = anchor === "any-depth" ? "(?:[^]*\\/)?" : "";
  return { anchor, source: `^${lead}${body(rest, wide)}` };
}

// Names without a slash are found at any depth; so are folders and `**` paths of deny and ask rules.
function belowCwd(rest: string, wide: boolean): Anchored {
  const isName = !rest.replace(/\/+$/, "").includes("/");
  const isFolder = /^[^/]+\/\*\*\/?$/.test(rest) && !rest.startsWith("**");
  if (wide && /^(?:\*\*\/)+./s.test(rest)) return anchored("any-depth", rest.replace(/^(?:\*\*\/)+/, ""), wide);
  if (wide && (isName || isFolder) && !/^\**\/*$/.test(rest)) return anchored("any-depth", rest, wide);
  const lead = isName && rest !== "" && !/^\*+$/.test(rest) ? "(?:[^]*\\/)?" : "";
  return { anchor: "cwd", source: `^${lead}${body(rest, wide)}` };
}

/**
 * A path stands for itself and, as gitignore has it, for everything below it. For an allow rule that holds only when
 * its last segment has no wildcard: `src/*` allows the files in `src`, not those in `src/secret/`.
 */
function body(rest: string, wide: boolean): string {
  const path = rest.replace(/\/+$/, "");
  if (path === "" || path === "**") return "";
  const below = path.endsWith("/**") ? path.slice(0, -3) : undefined;
  // `dir/**` is what is in the folder; a deny or ask rule means the folder too.
  if (below !== undefined) return `${pathSource(below, wide)}${wide ? OR_BELOW : "\\/[^]"}`;
  const last = path.slice(path.lastIndexOf("/") + 1);
  const isOpen = wide || rest.endsWith("/") || !/[*?[]/.test(last);
  return `${pathSource(path, wide)}${isOpen ? OR_BELOW : "$"}`;
}

const OR_BELOW = "(?:\\/|$)";
