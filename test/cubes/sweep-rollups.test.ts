import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LEAF } from "../../src/analyze/cubes/stretches.js";
import { sweepRollups } from "../../src/analyze/cubes/sweep-rollups.js";

let folder = "";
const log = () => join(folder, "audit.jsonl");
const cache = () => join(folder, "cache");
const ownerOf = (identity: string) => `o${identity.replace(":", "_")}`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sweep-"));
  mkdirSync(cache());
  writeFileSync(log(), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fill(owner: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const file = join(cache(), `${owner}-${index}`);
    writeFileSync(file, "");
    utimesSync(file, 1_700_000_000 + index, 1_700_000_000 + index);
  }
}

function left(): { readonly own: number; readonly others: readonly string[] } {
  sweepRollups(cache(), [log()], ownerOf);
  const names = readdirSync(cache());
  const own = names.filter((name) => name.startsWith(`${ownOwner()}-`));
  return { own: own.length, others: names.filter((name) => !own.includes(name)) };
}

function ownOwner(): string {
  const { dev, ino } = statSync(log());
  return ownerOf(`${dev}:${ino}`);
}

describe("bounding what is remembered", () => {
  it("keeps what a long log needs, however much that is, and only the newest of what is not its own", () => {
    truncateSync(log(), 200 * LEAF);
    fill(ownOwner(), 1_000);
    fill("gone", 600);
    const { own, others } = left();
    expect(own).toBe(1_000);
    expect(others).toHaveLength(384);
    expect(others).toContain("gone-599");
    expect(others).not.toContain("gone-0");
  });

  it("bounds what belongs to a short log", () => {
    truncateSync(log(), 1_000);
    fill(ownOwner(), 600);
    expect(left().own).toBe(387);
  });

  it("removes nothing where little is kept, and makes the folder", () => {
    fill("gone", 500);
    expect(left().others).toHaveLength(500);
    rmSync(cache(), { recursive: true });
    expect(left()).toEqual({ own: 0, others: [] });
  });
});
