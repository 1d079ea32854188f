import { symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { Evaluation } from "../../src/core/policy/evaluation.js";
import { hayOf } from "../../src/core/policy/needles.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { readCompiled } from "../../src/store/compiled-policy.js";
import { loadPolicy } from "../../src/store/load-policy.js";
import { refreshPolicy } from "../../src/store/refresh-policy.js";
import { resolvePath } from "../../src/store/resolve-path.js";
import { temporaryPlace, USER_CONFIG } from "./temporary.js";

const LATER = Date.now() + 3_600_000;
const NAMES = ["src", "a.ts", "secret", ".env", "Vendor", "é", "a b", "..", ".", "link"] as const;
const name = fc.constantFrom(...NAMES);
const path = fc
  .tuple(fc.constantFrom("", "/", "~/", "/srv/", "./"), fc.array(name, { maxLength: 4 }))
  .map(([start, parts]) => start + parts.join("/"));
const glob = fc
  .tuple(
    fc.constantFrom("", "/", "//", "~/", "//srv/"),
    fc.array(fc.oneof(name, fc.constantFrom("*", "**", "*.ts")), { minLength: 1, maxLength: 3 }),
  )
  .map(([start, parts]) => start + parts.filter((part) => !part.startsWith("..") && part !== ".").join("/"));
const plain = fc.constantFrom("secret", "^/srv/", "\\.env$", "(?:a|b)\\.ts", "Vendor/", "é", "needle", "^$", "src/a");
const quoted = (text: string): string => `'${text}'`;

const rule = fc.record({
  kind: fc.constantFrom("deny", "ask", "allow", "passthrough"),
  what: fc.oneof(
    fc.tuple(fc.constantFrom("Read", "Edit"), glob).map(([tool, at]) => `pattern = ${quoted(`${tool}(${at})`)}`),
    fc
      .tuple(
        fc.constantFrom("Read|Grep", "Edit|Write", ".*", "Read|Bash"),
        fc.constantFrom("file_path", "content", "path", "limit"),
        plain,
      )
      .map(([tool, field, source]) => `tool = ${quoted(tool)}\nfields = { ${field} = ${quoted(source)} }`),
    fc.constant(`tool = 'Read|Edit|Write'`),
  ),
  more: fc.constantFrom("", "cwd = ['$PROJECT']", "session = 'interactive'", "exclude = { file_path = 'secret' }"),
});

const call = fc.record({
  tool: fc.constantFrom("Read", "Edit", "Write", "Grep", "Glob", "MultiEdit", "Monitor"),
  input: fc.record(
    {
      file_path: path,
      path,
      pattern: fc.constantFrom("needle", "**/*.ts", "src/**"),
      content: fc.constantFrom("the needle here", "x", "é", `${"y".repeat(70_000)}needle`),
      limit: fc.oneof(fc.integer(), fc.constant({ needle: 1 })),
      command: fc.constant("cat secret"),
    },
    { requiredKeys: [] },
  ),
  attended: fc.boolean(),
});

/** What a decision and its record are made of. */
function answer({ decision, tier, rule: by, ruleIds, reason, open, unknown, effect, paths, resolved }: Evaluation) {
  return { decision, tier, by: by?.id, ruleIds, reason, open, unknown, effect, paths, resolved };
}

test("a call judged by the rules its needles leave is judged as by the whole policy", () => {
  const place = temporaryPlace();
  symlinkSync(join(place.root, "srv"), join(place.project, "link"));
  let spared = 0;
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), fc.array(call, { minLength: 4, maxLength: 8 }), (rules, calls) => {
      const text = rules.map(({ kind, what, more }, at) => `[[${kind}]]\nname = "r${at}"\n${what}\n${more}\n`);
      place.write(USER_CONFIG, text.join("\n").replace(/cwd = \['\$PROJECT'\]/g, "cwd = '$PROJECT'"));
      const key = place.inputs();
      const whole: Policy = loadPolicy(key, () => null).policy;
      fc.pre(whole.state === "ok");
      refreshPolicy(key, LATER);
      for (const { tool, input, attended } of calls) {
        const one: ToolCall = {
          tool,
          input,
          attended,
          cwd: place.project,
          project: place.project,
          home: place.osHome,
          sessionId: "s",
          permissionMode: "default",
        };
        const deps = { resolvePath, parseShell: analyzeShell, now: LATER };
        const narrow = readCompiled(key, tool, () => hayOf(one, resolvePath));
        if (narrow === null) throw new Error("the policy was not kept");
        const all = readCompiled(key, tool)?.rules.length ?? 0;
        if (narrow.rules.length < all) spared += 1;
        expect(answer(evaluate(narrow, one, deps))).toEqual(answer(evaluate(whole, one, deps)));
      }
    }),
    { numRuns: 100 },
  );
  expect(spared).toBeGreaterThan(50);
});
