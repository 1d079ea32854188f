/** What changes of the policy take from this machine, for `apply` and for the MCP server. */
import { randomBytes } from "node:crypto";
import type { ApplyWorld } from "../analyze/apply/world.js";
import { type OpenedScan, openScan } from "../analyze/scan/open-scan.js";
import { newRecordId } from "../core/audit/record-id.js";
import { type ParsedFile, parsePolicyFile } from "../core/policy/parse-policy-file.js";
import type { ParseFile } from "../store/gather-files.js";
import { projectOf } from "../store/git-root.js";
import { noteInForce, readLastGood } from "../store/in-force.js";
import { type LoadedPolicy, loadPolicy } from "../store/load-policy.js";
import type { Invocation } from "./command.js";
import { renderDiff } from "./install/settings-diff.js";
import { VERSION } from "./version.js";
import { hookLocations, PROGRAM_FOLDER } from "./where.js";
import { writeRefusal } from "./write-switch.js";

export function applyWorld(invocation: Invocation): ApplyWorld & { readonly close: () => void } {
  const { io, flags } = invocation;
  const locations = hookLocations(invocation);
  const keyOf = (folder: string) => ({
    locations,
    project: projectOf(folder),
    engine: VERSION,
    programFolder: PROGRAM_FOLDER,
  });
  const parse = rememberingParse();
  const load = (folder: string, instead?: ReadonlyMap<string, string>): LoadedPolicy => {
    const key = keyOf(folder);
    return loadPolicy({ ...key, parse, ...(instead === undefined ? {} : { instead }) }, () => readLastGood(key));
  };
  let scan: OpenedScan | null = null;
  return {
    cwd: io.cwd,
    locations,
    now: io.now,
    elapsed: () => performance.now(),
    newId: (nowMs) => newRecordId(nowMs, randomBytes(10)),
    load,
    noteInForce: ({ policy }) => noteInForce(keyOf(io.cwd), policy, ""),
    async openLog() {
      const given = flags.list("audit");
      scan ??= await openScan(given.length > 0 ? given : [locations.home], io);
      return scan;
    },
    diff: (file, before, after) => renderDiff(file, before, after, false),
    engine: VERSION,
    refusal: writeRefusal(invocation, load(io.cwd).policy),
    close() {
      if (scan?.kind === "scan") scan.scan.close();
    },
  };
}

/** One user's files are read for every project of the log, as they stand and as they would be. */
function rememberingParse(): ParseFile {
  const known = new Map<string, ParsedFile>();
  return (text, origin) => {
    const key = JSON.stringify([origin, text]);
    const parsed = known.get(key) ?? parsePolicyFile(text, origin);
    known.set(key, parsed);
    return parsed;
  };
}
