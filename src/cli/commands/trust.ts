/** `trust`: lets the allow rules of a project's policy file count, as the file is now; any change takes that back. */
import { resolve } from "node:path";
import { projectOf } from "../../store/git-root.js";
import { revokeTrust, type TrustChange, trust } from "../../store/trust.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { printProblems, safeText } from "../print.js";
import { refuseReadOnly, refuseUnderClaude } from "../refuse.js";
import { VERSION } from "../version.js";
import { hookLocations, PROGRAM_FOLDER } from "../where.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json } = invocation;
  refuseUnderClaude(invocation, "`trust`");
  refuseReadOnly(invocation, "`trust`");
  const project = projectOf(resolve(io.cwd, args[0] ?? "."));
  const inputs = { locations: hookLocations(invocation), project, engine: VERSION, programFolder: PROGRAM_FOLDER };
  const change = flags.on("revoke") ? await revokeTrust(inputs) : await trust(inputs, io.now());
  if (change.kind === "failed") {
    throw new CliError(
      "cannot_write",
      `the trust could not be kept: ${change.fault.code}`,
      "see `claude-permit status`",
    );
  }
  if (change.kind === "refused") return refused(invocation, change);
  const { root, files, state } = change.trust;
  if (json) io.stdout.write(`${JSON.stringify({ project: root, state, files })}\n`);
  else {
    const what = change.kind === "trusted" ? "trusted, until one of these changes" : "no longer trusted";
    io.stdout.write(`${safeText(root)}: ${what}\n${files.map((file) => `  ${safeText(file)}\n`).join("")}`);
  }
  return EXIT.fine;
}

function refused({ io }: Invocation, { trust: { root }, loaded }: Extract<TrustChange, { kind: "refused" }>): ExitCode {
  if (loaded.project.texts.length === 0) {
    throw new CliError(
      "nothing_to_trust",
      `\`${root}\` has no policy file`,
      "a project's rules are in .claude/claude-permit.toml",
    );
  }
  printProblems(io, loaded.problems);
  throw new CliError(
    "not_sound",
    "a policy file with errors is not trusted",
    "mend it, then run `claude-permit trust` again",
  );
}
