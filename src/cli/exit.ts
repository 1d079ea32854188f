/** The command line's exit table and the one error that ends a command early. Nothing else decides an exit code. */

/** 0 fine · 1 a finding (unhealthy, not allowed, threshold crossed) · 2 could not do it. */
export const EXIT = { fine: 0, finding: 1, failed: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A known failure: printed in one line (or as `{"error":…}` with --json), never with a stack. */
export class CliError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint?: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = "CliError";
  }
}
