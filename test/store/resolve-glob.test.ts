import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GLOB_FILES, GLOB_QUESTION } from "../../src/core/path.js";
import { resolvePath } from "../../src/store/resolve-path.js";
import { temporaryPlace } from "./temporary.js";

function tree(): string {
  const { root } = temporaryPlace();
  for (const folder of ["plain/a/deep", "plain/b", "out", "many", "elsewhere", "linked"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ["plain/x.ts", "plain/a/x.ts", "plain/b/x.ts", "elsewhere/x.ts", "out/y.py"])
    writeFileSync(join(root, file), "");
  symlinkSync("x.ts", join(root, "plain/same.ts"));
  symlinkSync("../elsewhere/x.ts", join(root, "out/e.ts"));
  symlinkSync("../gone", join(root, "out/dangling.md"));
  symlinkSync("../elsewhere", join(root, "linked/dir"));
  symlinkSync("loop", join(root, "linked/loop"));
  symlinkSync("plain", join(root, "alias"));
  return root;
}

test.each<[string, boolean]>([
  ["plain/*.ts", true],
  ["plain/*/x.ts", true],
  ["plain/*/", true],
  ["plain/?/x.ts", true],
  ["alias/*.ts", true],
  ["plain/{a,b}/x.ts", true],
  ["not/there/*.ts", true],
  ["plain/x.ts/*", true],
  ["out/*.py", true],
  ["out/*.ts", false],
  ["out/[a-f].ts", false],
  ["out/E*", false],
  ["out/*.md", false],
  ["linked/d*/x.ts", false],
  ["linked/lo*", false],
  ["o*/e.ts", true],
  ["plain/**/*.ts", false],
  ["plain/x.ts", false],
])("every file of %s lies below its folder: %s", (glob, isSettled) => {
  const question = `${GLOB_QUESTION}${tree()}/${glob}`;
  expect(resolvePath(question)).toBe(isSettled ? question : null);
});

test("a folder of more than 1,000 names is not looked through", () => {
  const root = join(temporaryPlace().root, "many");
  mkdirSync(root);
  const question = `${GLOB_QUESTION}${root}/*.txt`;
  for (let index = 0; index < 1000; index++) writeFileSync(join(root, `${index}.txt`), "");
  expect(resolvePath(question)).toBe(question);
  writeFileSync(join(root, "one-more"), "");
  expect(resolvePath(question)).toBeNull();
});

test.each<[string, readonly string[] | null]>([
  ["plain/*.ts", ["plain/same.ts", "plain/x.ts"]],
  ["plain/*/x.ts", ["plain/a/x.ts", "plain/b/x.ts"]],
  ["out/*.py", ["out/y.py"]],
  ["out/*.ts", null],
  ["plain/*.none", []],
])("the files that %s stands for", (glob, files) => {
  const root = tree();
  const question = `${GLOB_FILES}${join(root, glob)}`;
  const answer = resolvePath(question);
  const told = answer === question ? [] : (answer?.split("\n") ?? null);
  expect(told === null ? null : [...new Set(told)].sort()).toEqual(files?.map((file) => join(root, file)) ?? null);
});

test("a name of two lines cannot be told", () => {
  const root = tree();
  writeFileSync(join(root, "plain/a\nid_rsa"), "");
  expect(resolvePath(`${GLOB_FILES}${join(root, "plain/*")}`)).toBeNull();
});
