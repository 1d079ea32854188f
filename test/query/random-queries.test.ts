/** Every query that the schemas allow is answered, alone and in a batch; every other one gets a code and the place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type QueryAnswer, runQuery } from "../../src/analyze/query/run-query.js";
import { RECORD_KEYS } from "../../src/core/audit/record.js";
import { freshWorld, SAMPLE } from "../cli/run-cli.js";
import { FORMS, keysOf, valuesOf } from "./random-query.js";
import { decisions, POLICY, queryWorld } from "./world.js";

const records = decisions(30);
const world = queryWorld(records);
const ask = (query: unknown): Promise<QueryAnswer> => runQuery(JSON.stringify(query), world);

/** Text is no input of a tool without a main field; which tool has one is not for a schema to say. */
const isPossible = (query: unknown): boolean => !JSON.stringify(query).includes("mcp__tracker__search");
const possible = (form: (typeof FORMS)[number]) => valuesOf(form.schema).filter(isPossible);

describe("valid queries are answered", () => {
  it.each(FORMS.map((form) => [form.name, form] as const))("%s", async (_, form) => {
    await fc.assert(
      fc.asyncProperty(possible(form), async (query) => {
        expect(await ask(query)).not.toHaveProperty("error");
      }),
      { numRuns: 20 },
    );
  });

  it("in a batch each as it is alone, in order, whatever stands beside it", async () => {
    const wrong = fc.constantFrom({ type: "statz" }, { type: "log", limit: 0 }, 5, null);
    const batch = fc.array(fc.oneof(...FORMS.map(possible), wrong), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(batch, async (queries) => {
        const whole = await ask({ queries });
        expect(whole).toMatchObject({ result_count: queries.length });
        expect("results" in whole && whole.results).toEqual(await Promise.all(queries.map(ask)));
      }),
      { numRuns: 12 },
    );
  });
});

describe("invalid queries get a code and the place", () => {
  const cases = FORMS.flatMap((form) => keysOf(form.schema).map(([key]) => [form.name, key, form] as const));

  // `type` and the key that tells a form apart choose another form: their faults are told of that one.
  it.each(cases.filter(([name, key]) => key !== "type" && !name.endsWith(` by ${key}`)))(
    "%s: null as `%s`",
    async (_, key, form) => {
      await fc.assert(
        fc.asyncProperty(possible(form), async (query) => {
          const broken = { ...(query as object), [key]: null };
          expect(await ask(broken)).toMatchObject({ error: { code: "invalid_query", path: key } });
        }),
        { numRuns: 3 },
      );
    },
  );

  it.each(FORMS.map((form) => [form.name, form] as const))("%s: a key it does not have", async (_, form) => {
    const stray = fc
      .string()
      .filter((key) => key !== "__proto__" && !keysOf(form.schema).some(([known]) => known === key));
    await fc.assert(
      fc.asyncProperty(
        possible(form),
        stray.filter((key) => !["calls", "program", "about", "tool"].includes(key)),
        async (query, key) => {
          const answer = await ask({ ...(query as object), [key]: 1 });
          expect(answer).toMatchObject({ error: { code: "invalid_query", path: key } });
        },
      ),
      { numRuns: 10 },
    );
  });

  it.each(FORMS.map((form) => [form.name, form] as const))("%s: without what it must have", async (_, form) => {
    const required = (form.schema["required"] ?? []) as string[];
    for (const key of required.filter((one) => !form.name.endsWith(` by ${one}`))) {
      const [query] = fc.sample(possible(form), 1);
      const broken = Object.fromEntries(Object.entries(query as object).filter(([name]) => name !== key));
      expect(await ask(broken)).toMatchObject({ error: { code: "invalid_query", path: key } });
    }
  });
});

describe("every field of a record", () => {
  const FIELDS = [
    ...RECORD_KEYS,
    "source",
    "tool",
    "rule",
    "command",
    "file_path",
    "tool_input.command",
    "reroute.mode",
  ];
  const all = 1000;

  it.each(FIELDS)("%s can be filtered by, with every operator, and its opposite is the rest", async (field) => {
    const tests = [
      ...["eq", "ne", "contains", "starts_with", "ends_with", "gt", "gte", "lt", "lte"].map((op) => ({
        field,
        op,
        value: "a",
      })),
      ...["eq", "ne", "gt", "gte", "lt", "lte"].map((op) => ({ field, op, value: 110 })),
      { field, value: true },
      { field, op: "in", value: ["allow", 1, false] },
      { field, op: "exists" },
      { field, op: "exists", value: false },
    ];
    for (const filter of tests) {
      const [found, others] = [filter, { not: filter }].map((one) => ask({ type: "log", limit: all, filter: one }));
      const [a, b] = [await found, await others];
      if (!(a && b && "results" in a && "results" in b)) throw new Error(JSON.stringify([filter, a, b]));
      expect(a.result_count + b.result_count).toBe(records.length);
    }
  });

  it.each(FIELDS)("%s can be sorted by: absent last, in either direction", async (field) => {
    const sorted = async (order: "asc" | "desc"): Promise<readonly unknown[]> => {
      const answer = await ask({ type: "log", limit: all, sort: [{ field, order }] });
      if (!("results" in answer)) throw new Error(JSON.stringify(answer));
      return answer.results.map((record) => valueAt(record, field));
    };
    const [up, down] = [await sorted("asc"), await sorted("desc")];
    expect(up).toHaveLength(records.length);
    const present = (list: readonly unknown[]) => list.filter((value) => value !== undefined);
    expect(up.slice(0, present(up).length)).toEqual(present(up));
    expect(down.slice(0, present(down).length)).toEqual(present(down));
    const texts = (list: readonly unknown[]) => present(list).map((value) => JSON.stringify(value));
    expect(texts(down)).toEqual(texts(up).toReversed());
  });

  it.each(FIELDS)("%s can be grouped by and added up: the groups hold every record once", async (field) => {
    const answer = await ask({
      type: "log",
      limit: all,
      aggregate: { group_by: field, sum: field, avg: field, p95: field },
    });
    if (!("results" in answer)) throw new Error(JSON.stringify(answer));
    const rows = answer.results as { group: Record<string, unknown>; count: number }[];
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(records.length);
    expect(new Set(rows.map(({ group }) => JSON.stringify(group))).size).toBe(rows.length);
  });

  it.each([
    [{ filter: { field: "tool_nam", value: 1 } }, "filter.field"],
    [{ sort: [{ field: "duration" }] }, "sort[0].field"],
    [{ aggregate: { group_by: ["tool", "ruel"] } }, "aggregate.group_by[1]"],
  ])("a field that is none is refused at its place: %j", async (part, path) => {
    const answer = await ask({ type: "log", ...part });
    expect(answer).toMatchObject({
      error: { code: "invalid_query", path, message: expect.stringMatching(/not a field/) },
    });
  });
});

describe("as a program calls it", () => {
  const cli = freshWorld(POLICY);

  it("a batch of every form comes in by `-`, and each is answered: exit 0", () => {
    const queries = FORMS.flatMap((form) => fc.sample(possible(form), 3));
    const { stdout, stderr, code } = cli.run(["--audit", SAMPLE, "query", "-"], { input: JSON.stringify({ queries }) });
    const { results } = JSON.parse(stdout) as { results: Record<string, unknown>[] };
    // The sample has sessions of other names, and records of other ids, than the schemas' examples.
    expect(results.filter((one) => "error" in one && !isAboutLog(one))).toEqual([]);
    expect(results).toHaveLength(queries.length);
    expect([stderr, code]).toEqual(["", results.some((one) => "error" in one) ? 2 : 0]);
  });

  it.each(['{"type":"log","limit":0}', '{"queries":[{"type":"stats"},{"type":"x"}]}', "[]", "null", '"stats"', ""])(
    "%s fails with a code: exit 2",
    (text) => {
      const { stdout, code } = cli.run(["--audit", SAMPLE, "query", "-"], { input: text });
      expect(code).toBe(2);
      expect(stdout).toMatch(/"error":\{"code":"(invalid_query|unsupported_query_type)"/);
    },
  );
});

function isAboutLog(answer: Record<string, unknown>): boolean {
  return /no session|no record/.test(JSON.stringify(answer["error"]));
}

const ALIASES: Readonly<Record<string, string>> = {
  tool: "tool_name",
  rule: "rule_id",
  command: "tool_input.command",
  file_path: "tool_input.file_path",
};

function valueAt(record: unknown, field: string): unknown {
  let value = record;
  for (const step of (ALIASES[field] ?? field).split("."))
    value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}
