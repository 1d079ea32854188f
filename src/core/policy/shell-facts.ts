/**
 * What is known about a shell call: its parts as they will run, what each touches and does, and why the text is not
 * fully understood. It judges nothing.
 */
import type { ShellAnalysis, ShellPart } from "../shell/shell.js";
import type { ToolCall } from "../tool-call.js";
import { isInstalled, obeysForeigner, partEffect, strongest } from "./call-effect.js";
import type { Facts, Subject } from "./facts.js";
import { isIllFormed } from "./match-text.js";
import { type Atlas, partFolder, partPlaces } from "./places.js";

/** Bytes of shell text that are understood at all (SPEC section 4). */
const COMMAND_LIMIT = 32_768;

/** `project`: the folder as it is spelled and as it resolves. */
export function readShellFacts(
  text: string,
  analysis: ShellAnalysis,
  call: ToolCall,
  atlas: Atlas,
  project: readonly string[],
): Pick<Facts, "unknown" | "subjects" | "programs" | "whole"> {
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
  return { unknown, subjects, programs: unknown === null ? programsOf(analysis.parts) : null, whole };
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
