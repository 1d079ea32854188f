/** Where the files of this installation are: the hook that gets registered, and the policy a beginner starts from. */
import { fileURLToPath } from "node:url";

/** The bundled hook; absolute. */
export const HOOK_PROGRAM = fileURLToPath(new URL("../hook.cjs", import.meta.url));

export const STARTER_POLICY = fileURLToPath(new URL("../../policies/starter.toml", import.meta.url));
