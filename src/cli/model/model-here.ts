/**
 * The model of the settings, for what a person asks on the command line. Asking is the person's decision, so it does not
 * need `enabled`, which is about the hook. What leaves the machine is built, and can be shown, before anything is opened.
 */

import type { Settings } from "../../core/policy/policy.js";
import type { AskModel } from "../../llm/ask-model.js";
import type { Failure } from "../../llm/failure.js";
import { baseUrlOf, type ModelWorld, openModel } from "../../llm/open-model.js";
import { projectOf } from "../../store/git-root.js";
import type { Invocation } from "../command.js";
import { policyFor } from "../judge.js";
import { locationsOf } from "../where.js";

/** A person waits for a page of text longer than a hook for a verdict. */
export const PROSE_DEADLINE_MS = 60_000;

export interface ModelHere {
  readonly settings: Settings;
  readonly model: string;
  /** Where prompts go: an address, or the program that passes them on. */
  readonly to: string;
  readonly open: () => Promise<{ readonly kind: "model"; readonly ask: AskModel } | Failure>;
}

export function modelHere(invocation: Pick<Invocation, "io" | "flags">): ModelHere {
  const { io } = invocation;
  const { settings } = policyFor(invocation, io.cwd).policy;
  const { claudeDir, cache } = locationsOf(invocation);
  const world: ModelWorld = {
    env: io.env,
    // What Claude runs has variables that a repository can set.
    isPinned: io.env["CLAUDECODE"] === "1",
    userHome: io.osHome,
    claudeDir,
    cache,
    project: projectOf(io.cwd),
  };
  const { llm } = settings;
  return {
    settings,
    model: llm.model,
    to: llm.backend === "claude-cli" ? "claude -p" : baseUrlOf(llm, world),
    open: () => openModel(llm, world),
  };
}

/** The user's own patterns of secrets, beside the built-in ones. */
export function ownPatterns({ audit }: Settings): readonly RegExp[] {
  return audit.redact.map(({ source, flags }) => new RegExp(source, flags));
}
