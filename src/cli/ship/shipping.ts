/** From an invocation to what shipping needs: endpoint, profile, keys, cursor. Opens files of the settings; sends nothing. */
import { readFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { plural } from "../../analyze/report/shape.js";
import { bodyText } from "../../analyze/ship/body-text.js";
import { type Endpoint, parseHeaders, readEndpoint } from "../../analyze/ship/endpoint.js";
import type { Credentials } from "../../analyze/ship/post.js";
import { createProtection, PROFILES, type Profile } from "../../analyze/ship/protect-row.js";
import type { ShipOptions } from "../../analyze/ship/ship.js";
import { type Kept, keptImports, listShipLogs } from "../../analyze/ship/ship-logs.js";
import { redactText } from "../../core/audit/redact.js";
import type { Settings } from "../../core/policy/policy.js";
import { errorCode } from "../../store/error-code.js";
import { cursorPath, newCursor, readCursor } from "../../store/ship/cursor.js";
import type { Cursor } from "../../store/ship/cursor.schema.js";
import { createKeyedHash, type KeyRead, readKeyFile, readMachineKey } from "../../store/ship/ship-keys.js";
import type { Invocation } from "../command.js";
import { CliError } from "../exit.js";
import { policyFor } from "../judge.js";
import { locationsOf } from "../where.js";

export interface Shipping
  extends Pick<ShipOptions, "machine" | "bodyOf" | "protect" | "profile" | "limits" | "listLogs"> {
  /** `null` when none is known. */
  readonly endpoint: Endpoint | null;
  /** What of the home is not shipped, whatever the profile. */
  readonly kept: Kept;
  readonly cursorFile: string;
  readonly readCursor: () => Cursor;
}

/** Bytes of log in one batch: what is read again after a failure. */
const BATCH_BYTES = 64 * 1_048_576;
const DAY_MS = 86_400_000;

export function shippingOf(invocation: Invocation): Shipping {
  const { io, flags } = invocation;
  const where = locationsOf(invocation);
  const { settings } = policyFor(invocation, io.cwd).policy;
  // A repository can set the environment of all that Claude Code starts.
  const env = io.env["CLAUDECODE"] === "1" ? {} : io.env;
  const endpoint = endpointOf(settings.ship, env, flags.text("endpoint"));
  const profile = profileOf(settings.ship.profile, flags.text("profile"));
  const { keyFile, maxBacklogBytes, maxBacklogDays } = settings.ship;
  const mayWrite = !flags.on("readOnly") && !flags.on("dryRun");
  const ownKey = keyOf(readMachineKey(where.state, mayWrite));
  const own = createKeyedHash(ownKey);
  const hash = keyFile === undefined ? own : createKeyedHash(keyOf(readKeyFile(keyFile)));
  const extra = settings.audit.redact.map(({ source, flags: letters }) => new RegExp(source, letters));
  const clean = (text: string) => redactText(text, "", extra).text;
  const cursorFile = cursorPath(where.state, endpoint?.url.href ?? "");
  return {
    endpoint,
    // Under the own key always: host names repeat in a fleet, and two machines under one name would hide each other.
    machine: own("machine", hostname()),
    profile,
    protect: createProtection({
      profile,
      hash,
      redact: clean,
      homes: [io.osHome],
    }),
    bodyOf: (record) => (profile === "full" ? bodyText(record, clean, extra) : ""),
    limits: {
      batchBytes: BATCH_BYTES,
      maxBacklogBytes,
      maxBacklogMs: maxBacklogDays === null ? null : maxBacklogDays * DAY_MS,
    },
    listLogs: (known) => {
      const nameOf = (firstLine: Uint8Array) => own("log", Buffer.from(firstLine).toString("latin1"));
      return looking(where.home, () =>
        listShipLogs(where.home, { known, nameOf, now: io.now(), spoolFolder: tmpdir() }),
      );
    },
    kept: looking(where.home, () => keptImports(where.home)),
    cursorFile,
    readCursor: () => cursorOf(cursorFile, endpoint?.url.href ?? ""),
  };
}

/** What is not told to the fleet, as a sentence; "" when there is nothing. */
export function keptText({ files, bytes }: Kept): string {
  if (files === 0) return "";
  return `not shipped: ${plural(files, "imported file")} (${bytes} bytes); reports here count them, the fleet's do not\n`;
}

/** Looks into the home. */
function looking<T>(home: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (errorCode(error) === "") throw error;
    const message = `the log in \`${home}\` cannot be read: ${errorCode(error)}`;
    throw new CliError("log_unreadable", message, "check the folder and its permissions");
  }
}

/** Reads the files that the endpoint names. */
export function credentialsOf({ headersFile, certificate, clientCertificate, clientKey }: Endpoint): Credentials {
  const ca = certificate === null ? {} : { ca: textOf(certificate) };
  const cert = clientCertificate === null ? {} : { cert: textOf(clientCertificate) };
  const key = clientKey === null ? {} : { key: textOf(clientKey) };
  const headers = headersFile === null ? {} : parseHeaders(textOf(headersFile), "\n");
  return { headers, ...ca, ...cert, ...key };
}

function endpointOf(settings: Settings["ship"], env: Invocation["io"]["env"], given?: string): Endpoint | null {
  const read = readEndpoint(settings, env, given);
  if (read.kind === "failed") throw new CliError("bad_endpoint", read.message, read.hint);
  return read.kind === "none" ? null : read.endpoint;
}

/** A flag may only lessen what leaves. */
function profileOf(set: Profile, given: string | undefined): Profile {
  const wanted = PROFILES.find((one) => one === given) ?? set;
  if (PROFILES.indexOf(wanted) <= PROFILES.indexOf(set)) return wanted;
  throw new CliError(
    "profile_refused",
    `the profile \`${wanted}\` ships more than the settings allow (\`${set}\`)`,
    wanted === "full"
      ? 'the managed file may say profile = "full" in [settings.ship]'
      : `write profile = "${wanted}" in [settings.ship]`,
  );
}

function keyOf(read: KeyRead): Uint8Array {
  if (read.kind === "key") return read.key;
  throw new CliError(
    "key_unreadable",
    `the key \`${read.path}\` cannot be used: ${read.why}`,
    "make one with: openssl rand -hex 32",
  );
}

function cursorOf(path: string, endpoint: string): Cursor {
  const read = readCursor(path);
  if (read.kind === "cursor") return read.cursor;
  if (read.kind === "none") return newCursor(endpoint);
  const hint = "move it away to ship everything again; rows that arrived before are not counted twice";
  throw new CliError("cursor_unreadable", `\`${path}\` cannot be used: ${read.why}`, hint);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CliError("file_unreadable", `cannot read \`${path}\`: ${errorCode(error)}`, "check [settings.ship]");
  }
}
