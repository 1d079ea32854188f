/** Reading a log from a program: records and unusable lines, newest first, only as far back as they are asked for. */
import { type OpenedScan, openScan } from "../analyze/scan/open-scan.js";
import type { RecordFilter, Scanned } from "../analyze/scan/scan.js";

/** A log that cannot be opened: `log_not_found` or `log_unreadable`. */
export class AuditError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor({ code, message, hint }: Extract<OpenedScan, { kind: "failed" }>) {
    super(message);
    this.name = "AuditError";
    this.code = code;
    this.hint = hint;
  }
}

/**
 * @param paths log files, `.gz` files, `jq -s` documents or folders; several logs are merged by time.
 * @param filter times in milliseconds since the epoch, `since` included, `until` not.
 * @throws AuditError when there is no log. Lines that cannot be used are values with `kind: "bad"`, never thrown.
 */
export async function* readAudit(
  paths: string | readonly string[],
  filter: RecordFilter = {},
): AsyncGenerator<Scanned, void> {
  const opened = await openScan(typeof paths === "string" ? [paths] : paths);
  if (opened.kind === "failed") throw new AuditError(opened);
  try {
    yield* opened.scan.backward(filter);
  } finally {
    opened.scan.close();
  }
}
