/**
 * The places of the prefix tree that evidence is gathered at: a command's name with what it does, a folder, a host, a
 * tool; once for each project, and once for all of them. A node counts, it decides nothing.
 */
import type { CommandShape } from "../../core/generalise/command-shape.js";
import type { ToolSubject } from "../../core/generalise/tool-rule.js";
import type { Atom, CallAtoms } from "./atoms.js";

const DAY_MS = 86_400_000;

export interface Node {
  readonly key: string;
  /** Absolute root, "" for all projects together. */
  readonly project: string;
  readonly subject: { readonly kind: "command"; readonly head: readonly string[] } | ToolSubject;
  /** What the commands do; the tool's access for others. */
  readonly effect: string;
  readonly shapes: CommandShape[];
  approved: number;
  refused: number;
  /** Word for word, how often each was refused; what was also approved so is explained. */
  readonly refusedChildren: Map<string, number>;
  readonly sessions: Set<string>;
  readonly days: Set<number>;
  readonly projects: Map<string, number>;
  /** Children seen: whole commands, or the next folder or file. */
  readonly children: Set<string>;
  /** Refinement (an option, a child) -> how often approved and refused. */
  readonly refinements: Map<string, { approved: number; refused: number }>;
}

export function growTree(calls: readonly CallAtoms[]): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const one of calls) {
    for (const place of placesOf(one)) {
      const key = JSON.stringify([place.project, place.subject, place.effect]);
      const node = nodes.get(key) ?? emptyNode(key, place);
      nodes.set(key, node);
      count(node, place, one);
    }
  }
  return [...nodes.values()];
}

interface AtomPlace extends Pick<Node, "project" | "subject" | "effect"> {
  readonly shape?: CommandShape;
  readonly child: string;
  readonly refinements: readonly string[];
}

/** A refusal is held against what the call does, not against what merely reads beside it. */
function blamed({ past, atoms }: CallAtoms): readonly Atom[] {
  if (past.answer === "approved") return atoms;
  const acting = atoms.filter((atom) => atom.kind === "tool" || atom.shape.effect !== "reads");
  return acting.length > 0 ? acting : atoms;
}

function placesOf(one: CallAtoms): readonly AtomPlace[] {
  const { project } = one.past.call;
  return blamed(one).flatMap((atom) => {
    if (atom.kind === "command") return commandPlaces(atom.shape, project);
    return toolPlaces(atom.subject, project);
  });
}

function commandPlaces(shape: CommandShape, project: string): readonly AtomPlace[] {
  const { head, effect, part } = shape;
  const subject = { kind: "command", head } as const;
  const rest = part.argv.slice(shape.rest).map(({ value }) => value ?? "");
  const refinements = rest.filter((word) => word.startsWith("-"));
  const place = { subject, effect, shape, child: rest.join(" "), refinements };
  return project === ""
    ? [{ ...place, project: "" }]
    : [
        { ...place, project },
        { ...place, project: "" },
      ];
}

/** A file counts for its folder and every folder above it, up to the project's root. */
function toolPlaces(subject: ToolSubject, project: string): readonly AtomPlace[] {
  if (subject.kind !== "folder") {
    const place = { subject, effect: subject.kind, child: "", refinements: [] };
    return project === ""
      ? [{ ...place, project: "" }]
      : [
          { ...place, project },
          { ...place, project: "" },
        ];
  }
  const places: AtomPlace[] = [];
  let child = "";
  for (let { path } = subject; path.length >= project.length; path = path.slice(0, path.lastIndexOf("/"))) {
    const refinements = child === "" ? [] : [child];
    places.push({ project, subject: { ...subject, path }, effect: subject.access, child, refinements });
    if (path === project) break;
    child = path.slice(path.lastIndexOf("/") + 1);
  }
  return places;
}

function emptyNode(key: string, { project, subject, effect }: AtomPlace): Node {
  return {
    key,
    project,
    subject,
    effect,
    shapes: [],
    approved: 0,
    refused: 0,
    refusedChildren: new Map(),
    sessions: new Set(),
    days: new Set(),
    projects: new Map(),
    children: new Set(),
    refinements: new Map(),
  };
}

/** Refusals of something that was never approved in the same words. */
export function unexplained({ refusedChildren, children }: Node): number {
  let sum = 0;
  for (const [child, times] of refusedChildren) if (!children.has(child)) sum += times;
  return sum;
}

function count(node: Node, place: AtomPlace, { past }: CallAtoms): void {
  const isApproved = past.answer === "approved";
  for (const name of new Set(place.refinements)) {
    const met = node.refinements.get(name) ?? { approved: 0, refused: 0 };
    node.refinements.set(name, met);
    met[past.answer]++;
  }
  node[past.answer]++;
  if (!isApproved) {
    node.refusedChildren.set(place.child, (node.refusedChildren.get(place.child) ?? 0) + 1);
    return;
  }
  if (place.shape !== undefined) node.shapes.push(place.shape);
  node.sessions.add(past.call.sessionId);
  node.days.add(Math.floor(past.timeMs / DAY_MS));
  node.projects.set(past.call.project, (node.projects.get(past.call.project) ?? 0) + 1);
  node.children.add(place.child);
}
