/** The columns of a batch row that add up over shipments. */
export const BATCH_COUNTS = [
  "copies",
  "prompt_copies",
  "without_id",
  "undecided",
  "outcomes_alone",
  "closed_early",
  "dropped",
] as const;
