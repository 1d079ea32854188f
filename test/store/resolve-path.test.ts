import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf } from "../../src/store/git-root.js";
import { resolvePath } from "../../src/store/resolve-path.js";
import { temporaryPlace } from "./temporary.js";

/** `real/sub/file`, and links to and around it. */
function tree(): string {
  const { root } = temporaryPlace();
  mkdirSync(join(root, "real", "sub"), { recursive: true });
  writeFileSync(join(root, "real", "sub", "file"), "");
  const link = (target: string, name: string): void => symlinkSync(target, join(root, name));
  link("real", "link");
  link("real/new", "dangling");
  link("loop-b", "loop-a");
  link("loop-a", "loop-b");
  link("../gone/x", "real/sub/up");
  link("real/sub", "deep");
  return root;
}

test.each([
  ["real/sub/file", "real/sub/file"],
  ["link/sub/file", "real/sub/file"],
  ["link/sub/not/there", "real/sub/not/there"],
  ["dangling", "real/new"],
  ["dangling/below", "real/new/below"],
  ["deep/up", "real/gone/x"],
  ["real/sub/file/below-a-file", "real/sub/file/below-a-file"],
  ["loop-a", null],
  ["loop-a/x", null],
])("%s leads to %s", (path, expected) => {
  const root = tree();
  expect(resolvePath(join(root, path))).toBe(expected === null ? null : join(root, expected));
});

test.each(["relative/path", "", "/nul\0byte"])("%j leads nowhere that is known", (path) => {
  expect(resolvePath(path)).toBeNull();
});

test("a project is the nearest folder with .git, else the folder itself, never the root", () => {
  const { root, project } = temporaryPlace();
  mkdirSync(join(project, "a", "b"), { recursive: true });
  expect(projectOf(join(project, "a", "b"))).toBe(project);
  expect(projectOf(root)).toBe(root);
  expect(projectOf("/")).toBe("");
  expect(projectOf("not/absolute")).toBe("");
});

test("a worktree's .git file counts", () => {
  const { root } = temporaryPlace();
  mkdirSync(join(root, "tree", "src"), { recursive: true });
  writeFileSync(join(root, "tree", ".git"), "gitdir: /elsewhere");
  expect(projectOf(join(root, "tree", "src"))).toBe(join(root, "tree"));
});
