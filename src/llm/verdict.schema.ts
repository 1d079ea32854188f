/** The model's answer at the door: what it must look like, the same as a JSON Schema for the model, and as a verdict. */
import * as z from "zod";
import { cutChars } from "../core/audit/cut.js";
import type { Verdict } from "../core/verdict.js";

const MAX_REASONING = 2_000;
const MAX_RATIONALE = 500;
const MAX_RULE = 1_000;
const MAX_ALTERNATIVES = 3;

const bounded = (max: number) => z.string().transform((text) => cutChars(text.trim().toWellFormed(), max));

const alternativeSchema = z.object({
  tool_input: z.record(z.string(), z.unknown()).describe("only the field that changes: the command or the path"),
  rationale: bounded(MAX_RATIONALE).describe("why this serves the same purpose more safely"),
});

const verdictSchema = z.object({
  score: z.enum(["GREEN", "YELLOW", "RED"]),
  confidence: z.number().min(0).max(1),
  reasoning: bounded(MAX_REASONING).refine((text) => text !== "", "must say something"),
  suggested_rule: bounded(MAX_RULE).nullish(),
  suggested_alternatives: z.array(alternativeSchema).nullish(),
});

const asked = verdictSchema.extend({
  suggested_rule: z.string().optional(),
  suggested_alternatives: z.array(alternativeSchema).max(MAX_ALTERNATIVES).optional(),
});

/** For the tool the model has to call. Without `$schema`: Claude Code refuses drafts it does not know. */
export const { $schema: _, ...VERDICT_JSON_SCHEMA } = z.toJSONSchema(asked, { io: "input", target: "draft-7" });

export type ParsedVerdict =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  /** `message`: which field is wrong, never its value. */
  | { readonly kind: "malformed"; readonly message: string };

export function parseVerdict(value: unknown): ParsedVerdict {
  const parsed = verdictSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at =
      issue === undefined || issue.path.length === 0 ? "the answer" : `\`${issue.path.map(String).join(".")}\``;
    return { kind: "malformed", message: `${at} is not as asked` };
  }
  const { score, confidence, reasoning, suggested_rule, suggested_alternatives } = parsed.data;
  const alternatives = (suggested_alternatives ?? []).slice(0, MAX_ALTERNATIVES);
  return {
    kind: "verdict",
    verdict: {
      score,
      confidence,
      reasoning,
      ...(suggested_rule ? { suggestedRule: suggested_rule } : {}),
      ...(alternatives.length === 0
        ? {}
        : {
            suggestedAlternatives: alternatives.map(({ tool_input, rationale }) => ({
              toolInput: tool_input,
              rationale,
            })),
          }),
    },
  };
}
