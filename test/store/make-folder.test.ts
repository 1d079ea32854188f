import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/store/make-folder.js";
import { temporaryPlace } from "./temporary.js";

test("makes what is missing, closed to others, and leaves what is there", () => {
  const { root } = temporaryPlace();
  mkdirSync(join(root, "open"), { mode: 0o755 });
  makeFolder(join(root, "open", "a", "b"));
  makeFolder(join(root, "open", "a", "b"));
  expect(["open", "open/a", "open/a/b"].map((path) => statSync(join(root, path)).mode & 0o777)).toEqual([
    0o755, 0o700, 0o700,
  ]);
});

test.each(["file/x/y", "\0/x"])("says what is in the way (%j)", (path) => {
  const { root } = temporaryPlace();
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, path))).toThrow();
});

test.skipIf(!existsSync("/proc/self"))("comes back where the system takes no folder", () => {
  expect(() => makeFolder("/proc/claude-permit/state")).toThrow(/ENOENT|EACCES|EPERM/);
});
