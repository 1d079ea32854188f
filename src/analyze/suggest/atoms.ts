/**
 * A past call as the pieces a rule can be about: each simple command of a shell call, or the call itself. Pieces that
 * the policy in force covers already are left out; so are those that no rule may be proposed for.
 */

import { type CommandShape, shapeOfPart } from "../../core/generalise/command-shape.js";
import { judgedParts } from "../../core/generalise/generalise-calls.js";
import { type ToolSubject, toolSubject } from "../../core/generalise/tool-rule.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { toolShape } from "../../core/tool-call.js";
import { type JudgedPast, judgeUnder, oncePerCall } from "./judge-past.js";
import type { PastCall } from "./past-call.js";

export type Atom =
  | { readonly kind: "command"; readonly shape: CommandShape }
  | { readonly kind: "tool"; readonly subject: ToolSubject };

export interface CallAtoms {
  readonly past: PastCall;
  readonly atoms: readonly Atom[];
}

/** Calls that a rule of the policy in force decides by now have no atoms. */
export class AtomReader {
  readonly #policy: Policy;
  readonly #judged: JudgedPast;
  readonly #atoms: (past: PastCall) => readonly Atom[];

  /** @param policy the one in force, or an empty one. */
  constructor(policy: Policy, judged: JudgedPast = judgeUnder(policy)) {
    this.#policy = policy;
    this.#judged = judged;
    this.#atoms = oncePerCall(policy, (past) => this.#atomsOf(past));
  }

  read(past: PastCall): CallAtoms {
    return { past, atoms: this.#atoms(past) };
  }

  #atomsOf(past: PastCall): readonly Atom[] {
    if (!this.#judged(past).isOpen) return [];
    const { call, resolvePath, timeMs } = past;
    const deps = { resolvePath, parseShell: analyzeShell, now: timeMs };
    if (toolShape(call.tool)?.command === undefined) {
      const subject = toolSubject(call);
      return subject === null ? [] : [{ kind: "tool", subject }];
    }
    if (call.tool !== "Bash" || call.input["dangerouslyDisableSandbox"] === true) return [];
    const judged = judgedParts(this.#policy, call, deps);
    if (judged.kind === "none") return [];
    return judged.subjects.flatMap((subject): Atom[] => {
      const result = shapeOfPart(subject, call.project);
      return result.kind === "none" ? [] : [{ kind: "command", shape: result.shape }];
    });
  }
}
