/** `query`: the machine interface. One JSON object in, one out; compact on a pipe, pretty and coloured on a terminal. */
import { hasFailed, runQuery } from "../../analyze/query/run-query.js";
import type { Invocation } from "../command.js";
import { EXIT, type ExitCode } from "../exit.js";
import { answering, givenJson, writeJson } from "../json-text.js";
import { queryWorld } from "../query-world.js";

const EXAMPLE = `claude-permit query '{"type":"rule_count"}'`;

export function run(invocation: Invocation): Promise<ExitCode> {
  return answering(invocation, async () => {
    const text = await givenJson(invocation, "query", EXAMPLE);
    const world = queryWorld(invocation);
    try {
      const answer = await runQuery(text, world);
      writeJson(invocation, answer);
      return hasFailed(answer) ? EXIT.failed : EXIT.fine;
    } finally {
      world.close();
    }
  });
}
