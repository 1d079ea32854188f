/**
 * Whether a pattern of tools, hosts or paths matches all that another one does, decided on how it is written: tools and
 * hosts one by one, paths by the folder they begin with. It answers with a call that both should match, `null` when
 * nothing can be said.
 */
import { currentToolName } from "../tool-call.js";
import type { Pattern, Regex, Rule } from "./policy.js";

export interface WitnessCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Places by anchor, as the witness's world has them. */
export interface WitnessRoots {
  readonly home: string;
  readonly project: string;
}

export function callWithin(wide: Rule, narrow: Rule, roots: WitnessRoots): WitnessCall | null {
  const [above, below] = [wide.pattern, narrow.pattern];
  if (above === undefined || below === undefined) return null;
  if (above.kind === "tool") return toolWithin(above.tool, below);
  if (above.kind === "path" && below.kind === "path") return pathWithin(above, below, roots);
  return null;
}

/** A tool's name alone matches each of its calls; `Read` alone is no judge of what the shell reads. */
function toolWithin(above: Regex, below: Pattern): WitnessCall | null {
  const call = onlyCallOf(below);
  if (call === null || !new RegExp(above.source, above.flags).test(call.tool)) return null;
  return call;
}

function onlyCallOf(pattern: Pattern): WitnessCall | null {
  switch (pattern.kind) {
    case "tool": {
      const name = literalOf(pattern.tool.source);
      return name === null || currentToolName(name) !== name ? null : { tool: name, input: {}, text: name };
    }
    case "domain": {
      const host = literalOf(pattern.host.source);
      if (host === null) return null;
      const url = `https://${host}/`;
      return { tool: "WebFetch", input: { url }, text: `WebFetch ${url}` };
    }
    default:
      return null;
  }
}

/** `^(?:name)$` -> `name`; `null` for anything that is not one text. */
function literalOf(source: string): string | null {
  const found = /^\^(?:\(\?:)?((?:[\w-]|\\[^\w\s])+)\)?\$$/.exec(source)?.[1];
  return found === undefined ? null : unescaped(found);
}

function unescaped(source: string): string {
  return source.replaceAll(/\\(.)/g, "$1");
}

type PathPattern = Extract<Pattern, { kind: "path" }>;

/** `^src\/[^]` and `^src(?:\/|$)`: a folder, and all below it. */
const FOLDER = /^(\^(?:[\w @,:=+%~-]|\\[^\w\s])+)(?:\\\/\[\^\]|\(\?:\\\/\|\$\))$/;

function pathWithin(above: PathPattern, below: PathPattern, roots: WitnessRoots): WitnessCall | null {
  if (above.access !== below.access || above.anchor !== below.anchor || above.base !== below.base) return null;
  const folder = FOLDER.exec(above.path.source)?.[1];
  if (folder === undefined || above.path.source === below.path.source) return null;
  const inner = `${folder}\\/`;
  // Without an alternative outside a group, all that it matches begins with the folder.
  if (!below.path.source.startsWith(inner) || below.path.source.length === inner.length) return null;
  const rest = below.path.source.slice(inner.length);
  if (rest === "[^]") return null;
  const path = `${rootOf(above, roots)}/${unescaped(folder.slice(1))}/${sampleOf(rest)}`.replaceAll(/\/{2,}/g, "/");
  const tool = above.access === "read" ? "Read" : "Edit";
  return { tool, input: { file_path: path }, text: `${tool} ${path}` };
}

function rootOf({ anchor, base }: PathPattern, { home, project }: WitnessRoots): string {
  if (anchor === "root") return "";
  if (anchor === "home") return home;
  return anchor === "source" && base !== "" ? base : project;
}

/** A path that such a regex hopefully matches; the engine has the last word. */
function sampleOf(source: string): string {
  const plain = source
    .replaceAll("(?:[^]*\\/)?", "")
    .replaceAll("[^\\/]*", "x")
    .replaceAll("[^\\/]", "x")
    .replaceAll("[^]*", "x")
    .replaceAll("[^]", "x")
    .replaceAll("(?:\\/|$)", "")
    .replace(/\$$/, "");
  return unescaped(plain);
}
