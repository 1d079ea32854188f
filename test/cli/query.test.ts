/** `query` as a program calls it: one line out on a pipe, exit 2 for a coded error. */
import { expect, it } from "vitest";
import { freshWorld, SAMPLE } from "./run-cli.js";

const world = freshWorld('[[deny]]\nname = "no-rm"\n[deny.shell]\nprogram = ["rm"]\n');
const CALL = '{"type":"match_test","tool":"Bash","input":{"command":"rm -rf x"}}';

it("answers on one line, indented when asked to", () => {
  const { stdout, stderr, code } = world.run(["query", CALL]);
  expect([code, stderr, stdout.split("\n").length]).toEqual([0, "", 2]);
  expect(JSON.parse(stdout)).toMatchObject({ result: { decision: "deny", matched_rule: { id: "no-rm" } } });
  expect(world.run(["query", "--pretty", CALL]).stdout).toMatch(/^\{\n {2}"query_time_ms"/);
});

it("reads the query from standard input, and a log by name", () => {
  const { stdout, code } = world.run(["--audit", SAMPLE, "query", "-"], { input: '{"type":"log","last_n":2}' });
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { result_count: 2 }]);
});

it.each([
  ['{"type":"nothing"}', [], "unsupported_query_type"],
  ["{", [], "invalid_query"],
  ['{"type":"stats"}', [], "log_not_found"],
  ['{"type":"config"}', ["--config", "/nowhere/config.toml"], "config_not_found"],
])("%s fails with a code", (query, more, expected) => {
  const { stdout, code } = world.run([...more, "query", query]);
  expect([code, JSON.parse(stdout)]).toMatchObject([2, { error: { code: expected } }]);
});

it("tells as JSON, too, that there is nothing to answer", () => {
  const { stdout, stderr, code } = world.run(["query"]);
  expect([code, stderr]).toEqual([2, ""]);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "invalid_query", message: "no query", details: null } });
  expect(world.run(["--audit", "-", "query", "-"]).stdout).toContain("query and log at once");
});
