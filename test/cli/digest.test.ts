/** `digest` through the built command line: empty periods, thresholds, files, and the scheduled job with a crontab of its own. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storyLog } from "../stories/story-log.js";
import { freshWorld, SAMPLE } from "./run-cli.js";

const world = freshWorld();
writeFileSync(join(world.home, "audit.jsonl"), storyLog(Date.now()).text, { mode: 0o600 });

describe("what it says", () => {
  it("of an empty period, that it is empty", () => {
    const { stdout, code } = world.run(["digest", "--audit", SAMPLE]);
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing was decided in this week");
    expect(stdout).not.toContain("no data ");
    expect(stdout.split("\n").length).toBeLessThan(20);
    const whole = JSON.parse(world.run(["digest", "--audit", SAMPLE, "--json"]).stdout);
    expect(Object.keys(whole.sections).length).toBeGreaterThan(5);
    expect(world.run(["digest", "--audit", SAMPLE, "--fail-on", "deny>=0"]).code).toBe(1);
  });

  it("with --fail-on, by its exit code", () => {
    const month = ["digest", "--period", "month", "--quiet", "--format", "json"];
    expect(world.run([...month, "--fail-on", "asked>100000"]).code).toBe(0);
    const { code, stderr } = world.run([...month, "--last", "--fail-on", "deny>=0"]);
    expect([code, stderr.includes("deny>=0 holds")]).toEqual([1, true]);
  });

  it("as HTML in a private file whose path is printed", () => {
    const file = world.run(["digest", "--format", "html"]).stdout.trim();
    expect(file).toMatch(/reports\/digest-\d{4}-\d\d-\d\d\.html$/);
    expect(readFileSync(file, "utf8")).toContain('data-figure="digest.red"');
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it("refuses a window that is no period, and --fail-on it cannot read", () => {
    expect(world.run(["digest", "--since", "7d"]).code).toBe(2);
    expect(world.run(["digest", "--fail-on", "nonsense"]).code).toBe(2);
  });
});

/** A `crontab` that keeps its table in a file, as far as we use it. */
function withCrontab(): { readonly env: Record<string, string>; readonly table: string } {
  const bin = join(world.osHome, `bin-${Math.random()}`);
  const table = join(bin, "table");
  mkdirSync(bin, { recursive: true });
  const script = `#!/bin/sh
if [ "$1" = -l ]; then [ -f '${table}' ] && exec cat '${table}'; echo "no crontab for u" >&2; exit 1; fi
exec cat > '${table}'
`;
  writeFileSync(join(bin, "crontab"), script, { mode: 0o755 });
  return { env: { PATH: `${bin}:/usr/bin:/bin` }, table };
}

describe("--install-cron", () => {
  it("shows first, installs once with --yes, leaves other lines, and is removable", () => {
    const { env, table } = withCrontab();
    const shown = world.run(["digest", "--install-cron"], { env });
    expect(shown.stdout).toMatch(/^0 8 \* \* 1 .* digest --last --period week .*# claude-permit digest\n$/);
    expect(shown.stderr).toContain("--yes");
    expect(existsSync(table)).toBe(false);

    writeFileSync(table, "1 2 3 4 5 mine\n");
    world.run(["digest", "--install-cron", "--yes"], { env });
    world.run(["digest", "--install-cron", "--yes", "--period", "day"], { env });
    const [mine, ours, ...rest] = readFileSync(table, "utf8").split("\n");
    expect([mine, rest]).toEqual(["1 2 3 4 5 mine", [""]]);
    expect(ours).toMatch(/^0 8 \* \* \* /);

    world.run(["digest", "--uninstall-cron", "--yes"], { env });
    expect(readFileSync(table, "utf8")).toBe("1 2 3 4 5 mine\n");
  });

  it("never writes over a crontab it could not read, nor with --read-only", () => {
    const { env, table } = withCrontab();
    expect(world.run(["digest", "--install-cron", "--yes", "--read-only"], { env }).code).toBe(2);
    writeFileSync(join(table, "..", "crontab"), "#!/bin/sh\necho denied >&2; exit 1\n", { mode: 0o755 });
    const { code, stderr } = world.run(["digest", "--install-cron", "--yes"], { env });
    expect([code, stderr.includes("denied"), existsSync(table)]).toEqual([2, true, false]);
  });

  it("is refused while Claude runs it, even to be shown", () => {
    const { env, table } = withCrontab();
    for (const args of [["--install-cron"], ["--install-cron", "--yes"], ["--uninstall-cron", "--yes"]]) {
      const { code, stderr } = world.run(["digest", ...args], { env: { ...env, CLAUDECODE: "1" } });
      expect([code, stderr]).toEqual([2, expect.stringContaining("Claude runs this")]);
    }
    expect(existsSync(table)).toBe(false);
  });

  it("--systemd: a user timer instead of the crontab, shown, installed, removed", () => {
    const { env, table } = withCrontab();
    const bin = join(table, "..");
    const calls = join(bin, "calls");
    writeFileSync(join(bin, "systemctl"), `#!/bin/sh\necho "$@" >> '${calls}'\n`, { mode: 0o755 });
    const units = join(world.osHome, ".config", "systemd", "user");
    const shown = world.run(["digest", "--install-cron", "--systemd"], { env });
    expect(shown.stdout).toContain("OnCalendar=Mon *-*-* 08:00");
    expect(existsSync(units)).toBe(false);

    expect(world.run(["digest", "--install-cron", "--systemd", "--yes"], { env }).code).toBe(0);
    expect(readFileSync(join(units, "claude-permit-digest.service"), "utf8")).toContain('"digest" "--last"');
    expect(readFileSync(calls, "utf8")).toBe("--user daemon-reload\n--user enable --now claude-permit-digest.timer\n");

    world.run(["digest", "--uninstall-cron", "--systemd", "--yes"], { env });
    expect(existsSync(join(units, "claude-permit-digest.timer"))).toBe(false);
    expect(existsSync(table)).toBe(false);
  });

  it("the job it shows does what it says", () => {
    const { env } = withCrontab();
    const { stdout } = world.run(["digest", "--install-cron", "--period", "day"], { env });
    const words = stdout
      .replace(/ # claude-permit digest\n$/, "")
      .split(" ")
      .slice(5 + 2);
    const { code } = world.run(words);
    expect(code).toBe(0);
    expect(readFileSync(join(world.home, "reports", "digest-day.md"), "utf8")).toContain("## Digest");
  });
});
