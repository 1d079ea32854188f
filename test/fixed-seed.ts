/**
 * Property tests draw the same examples on every run, so that a failure is always the change's own. To look for new
 * counterexamples: `FUZZ_SEED=random npm test` (or a number, to see one again).
 */
import fc from "fast-check";

const { FUZZ_SEED = "20261121" } = process.env;
if (FUZZ_SEED !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(FUZZ_SEED) });
