/** docs/peers.md is what scripts/peer-table.mjs makes of the shared labels and the starter policy of today. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const LABELS = new URL("../../../shared/data/labelled_commands.jsonl.gz", import.meta.url);
const SCRIPT = fileURLToPath(new URL("../../scripts/peer-table.mjs", import.meta.url));
const isPresent = existsSync(LABELS);
if (!isPresent) console.log("skipped 1 test: the labelled commands are not here");

it.skipIf(!isPresent)("the comparison with other tools is current", () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, "--check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
