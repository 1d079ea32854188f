/**
 * What is known about one call before any rule is asked: its parts, the places they touch, what they do, and what was
 * not understood. Built once a call; it judges nothing.
 */
import type { Effect } from "../decision.js";
import type { ShellAnalysis, ShellPart } from "../shell/shell.js";
import { currentToolName, stringField, type ToolCall, toolShape } from "../tool-call.js";
import { toolEffect } from "./call-effect.js";
import type { EvaluateDeps } from "./evaluation.js";
import { isIllFormed, type Stance } from "./match-text.js";
import { type Atlas, openAtlas, type Place, toolPlaces } from "./places.js";
import type { Policy } from "./policy.js";
import { readShellFacts } from "./shell-facts.js";

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
  const { now } = deps;
  const tails: Facts["tails"] = { could: new Map(), must: new Map() };
  // Monitor may watch a socket instead of a command.
  const isSocket = tool === "Monitor" && !Object.hasOwn(call.input, "command");
  if (shape?.command === undefined || isSocket) {
    const places = toolPlaces(tool, call).map((named) => atlas.place(named, call.cwd));
    const whole: Subject = { part: null, text, places, effect: toolEffect(tool, places, project) };
    const isOdd = places.some((place) => isIllFormed(place.raw));
    const unknown = isOdd ? "a path holds a NUL or a broken character" : null;
    const subjects = [whole];
    return { policy, call, tool, now, atlas, tails, commandField: null, unknown, subjects, programs: [], whole };
  }
  const { field, dialect } = shape.command;
  const analysis: ShellAnalysis =
    text === ""
      ? { status: "unknown", reasons: [], parts: [] }
      : deps.parseShell(text, { dialect, wrappers: policy.wrappers, home: call.home });
  const { unknown, subjects, programs, whole } = readShellFacts(text, analysis, call, atlas, project);
  return { policy, call, tool, now, atlas, tails, commandField: field, unknown, subjects, programs, whole };
}
