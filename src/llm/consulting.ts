/** The variable that marks a Claude Code we started to ask it: a hook inside it asks no model, and so allows no gap. */
export const CONSULTING = "CLAUDE_PERMIT_CONSULTING";
