import { describe, expect, it } from "vitest";
import { absolutePath, isInside, pathBelow, targetPath } from "../../src/core/path.js";
import { HOME, PROJECT, resolvePath } from "./world.js";

const base = { cwd: PROJECT, home: HOME };

describe("paths as text", () => {
  it.each([
    ["src/a.ts", "/home/u/app/src/a.ts"],
    ["./src//a.ts", "/home/u/app/src/a.ts"],
    ["../../u/x/", "/home/u/x"],
    ["/../../etc/passwd", "/etc/passwd"],
    ["~", "/home/u"],
    ["~/.ssh/id_rsa", "/home/u/.ssh/id_rsa"],
    ["~root/.ssh", null],
    ["~+/x", null],
    ["", null],
    ["a\0b", null],
    ["/", "/"],
    ["/proc/self/root/etc/shadow", "/etc/shadow"],
    ["/proc/1/root", "/"],
    ["C:\\Users\\u\\x", "/c/Users/u/x"],
  ])("%j is %j", (path, expected) => {
    expect(absolutePath(path, base)).toBe(expected);
  });

  it("knows no relative path without a folder, and no home without one", () => {
    expect(absolutePath("x", { cwd: "", home: HOME })).toBeNull();
    expect(absolutePath("~/x", { cwd: PROJECT, home: "" })).toBeNull();
  });

  it.each([
    ["link-out/id_rsa", "/home/u/.ssh/id_rsa"],
    ["link-out/../.bashrc", "/home/u/.bashrc"],
    ["inner/../a", "/home/u/app/a"],
    ["/loop/x", null],
    ["/loop/../etc/passwd", null],
  ])("%s leads to %s", (path, expected) => {
    expect(targetPath(path, base, resolvePath)).toBe(expected);
  });

  it("compares whole segments, composed accents, and case when asked", () => {
    expect(isInside("/a/bc", "/a/b", false)).toBe(false);
    expect(isInside("/a/b", "/a/b", false)).toBe(true);
    expect(isInside("/anything", "/", false)).toBe(true);
    expect(isInside("/A/B/c", "/a/b", false)).toBe(false);
    expect(isInside("/A/B/c", "/a/b", true)).toBe(true);
    expect(isInside("/a/caf\u00e9/x", "/a/cafe\u0301", false)).toBe(true);
    expect(pathBelow("/a/b/c", "/a", false)).toBe("b/c");
    expect(pathBelow("/a", "/a", false)).toBe("");
  });
});
