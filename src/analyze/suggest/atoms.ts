/**
 * A past call as the pieces a rule can be about: each simple command of a shell call, or the call itself. Pieces that
 * the policy in force covers already are left out; so are those that no rule may be proposed for.
 */

import { type CommandShape, shapeOfPart } from "../../core/generalise/command-shape.js";
import { judgedParts } from "../../core/generalise/generalise-calls.js";
import { type ToolSubject, toolSubject } from "../../core/generalise/tool-rule.js";
import { evaluate } from "../../core/policy/evaluate.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { toolShape } from "../../core/tool-call.js";
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
  readonly #met = new Map<string, readonly Atom[]>();

  /** @param policy the one in force, or an empty one. */
  constructor(policy: Policy) {
    this.#policy = policy;
  }

  read(past: PastCall): CallAtoms {
    const { call } = past;
    const { tool, input, cwd, project, home, permissionMode = null, attended } = call;
    const key = JSON.stringify([tool, input, cwd, project, home, permissionMode, attended]);
    const atoms = this.#met.get(key) ?? this.#atomsOf(past);
    this.#met.set(key, atoms);
    return { past, atoms };
  }

  #atomsOf({ call, resolvePath, timeMs }: PastCall): readonly Atom[] {
    const deps = { resolvePath, parseShell: analyzeShell, now: timeMs };
    const { decision, rule } = evaluate(this.#policy, call, deps);
    if (decision !== "passthrough" || rule !== null) return [];
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
