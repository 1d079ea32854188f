/**
 * What is known about one call before any rule is asked: its parts, the places they touch, what they do, and what was
 * not understood. Built once a call; it judges nothing.
 */
import type { Effect } from "../decision.js";
import type { ShellAnalysis, ShellPart } from "../shell/shell.js";
import { currentToolName, stringField, type ToolCall, toolShape } from "../tool-call.js";
import { isInstalled, obeysForeigner, partEffect, strongest, toolEffect } from "./call-effect.js";
import type { EvaluateDeps } from "./evaluation.js";
import { isIllFormed, type Stance } from "./match-text.js";
import { type Atlas, openAtlas, type Place, partFolder, partPlaces, toolPlaces } from "./places.js";
import type { Policy } from "./policy.js";

/** Bytes of shell text that are understood at all (SPEC section 4). */
const COMMAND_LIMIT = 32_768;

/** What a rule is asked about: one part of a shell call, or a call as a whole. */
export interface Subject {
  readonly part: ShellPart | null;
  /** As written. */
  readonly text: string;
  readonly places: readonly Place[];
  readonly effect: Effect;
}

/** A path below an anchor, as regexes see it; `lower` is `null` when it is not ASCII or case matters. */
export interface Tail {
  readonly text: string;
  readonly lower: string | null;
}

export interface Facts {
  readonly policy: Policy;
  readonly call: ToolCall;
  /** Current name of the tool. */
  readonly tool: string;
  readonly now: number;
  readonly atlas: Atlas;
  /** Anchor -> path -> what is below, worked out once for all rules. */
  readonly tails: Readonly<Record<Stance, Map<string, Map<string, readonly Tail[]>>>>;
  /** Name of the field that holds shell text, `null` when this is no shell call. */
  readonly commandField: string | null;
  /** Why the call is not fully understood, `null` when it is. */
  readonly unknown: string | null;
  /** Parts of a shell call, else the call itself. */
  readonly subjects: readonly Subject[];
  /** Lower-case names and paths of all programs that may run; `null` when one of them is not known. */
  readonly programs: readonly string[] | null;
  /** The call as a whole; its text is the whole command or main field. */
  readonly whole: Subject;
}

export function readFacts(policy: Policy, call: ToolCall, deps: EvaluateDeps): Facts {
  const tool = currentToolName(call.tool);
  const shape = toolShape(tool);
  const atlas = openAtlas(call, deps.resolvePath);
  const project = atlas.folder("$PROJECT");
  const text = shape === undefined ? "" : (stringField(call.input, shape.main) ?? "");
  const shared = { policy, call, tool, now: deps.now, atlas, tails: { could: new Map(), must: new Map() } };
  // Monitor may watch a socket instead of a command.
  const isSocket = tool === "Monitor" && !Object.hasOwn(call.input, "command");
  if (shape?.command === undefined || isSocket) {
    const places = toolPlaces(tool, call).map((named) => atlas.place(named, call.cwd));
    const whole: Subject = { part: null, text, places, effect: toolEffect(tool, places, project) };
    const isOdd = places.some((place) => isIllFormed(place.raw));
    const unknown = isOdd ? "a path holds a NUL or a broken character" : null;
    return { ...shared, commandField: null, unknown, subjects: [whole], programs: [], whole };
  }
  const analysis: ShellAnalysis =
    text === ""
      ? { status: "unknown", reasons: [], parts: [] }
      : deps.parseShell(text, { dialect: shape.command.dialect, wrappers: policy.wrappers, home: call.home });
  const subjects = analysis.parts.map((part): Subject => {
    const folder = partFolder(part, call);
    const places = partPlaces(part).map((named) => atlas.place(named, folder));
    const spelled = text.slice(part.pos, part.end).trim() || part.normalised;
    const known = isInstalled(part, folder, atlas) ? ({ ...part, effect: "runs-code" } as const) : part;
    const effect = obeysForeigner(part, folder, atlas) ? "unknown" : partEffect(known, places, project);
    return { part, text: spelled, places, effect };
  });
  const unknown = whyUnknown(text, analysis);
  const effect = subjects
    .filter((subject) => subject.part?.certainty === "certain")
    .map((subject) => subject.effect)
    .reduce(strongest, unknown === null ? "reads" : "unknown");
  const whole: Subject = { part: null, text, places: [], effect };
  const programs = unknown === null ? programsOf(analysis.parts) : null;
  return { ...shared, commandField: shape.command.field, unknown, subjects, programs, whole };
}

function programsOf(parts: readonly ShellPart[]): readonly string[] | null {
  const names: string[] = [];
  for (const { program, programPath, argv } of parts) {
    if (program !== null) names.push(program.toLowerCase());
    else if (argv.length > 0) return null;
    if (programPath !== null) names.push(programPath.toLowerCase());
  }
  return names;
}

function isOverLong(text: string): boolean {
  if (text.length * 3 <= COMMAND_LIMIT) return false;
  return text.length > COMMAND_LIMIT || new TextEncoder().encode(text).length > COMMAND_LIMIT;
}

function whyUnknown(text: string, analysis: ShellAnalysis): string | null {
  if (text === "") return "there is no command text";
  if (isOverLong(text)) return "the command is longer than 32 KiB";
  if (isIllFormed(text)) return "the command holds a NUL or a broken character";
  if (analysis.status === "ok") return null;
  const codes = [...new Set(analysis.reasons.map((reason) => reason.code))].slice(0, 3).join(", ");
  return codes === "" ? "the command was not understood" : `the command was not understood (${codes})`;
}
