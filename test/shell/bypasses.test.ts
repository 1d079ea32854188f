import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { analyze, effectOf } from "./part-lines.js";

function readJsonLines(text: string): { cmd: string; class?: string }[] {
  return text
    .split("\n")
    .filter((each) => each !== "")
    .map((each) => JSON.parse(each));
}

const rows = readJsonLines(readFileSync("fixtures/shell/programs/bypasses.jsonl", "utf8"));

/** Rows that truly only read: what stands against them is the path, which their accesses show. */
const READS: Readonly<Record<string, readonly (string | null)[]>> = {
  "{ cat .env; }": [".env"],
  "cat ../../../etc/passwd": ["../../../etc/passwd"],
  "cat $HOME/.ssh/id_rsa": ["/home/u/.ssh/id_rsa"],
  "cat /proc/self/root/etc/shadow": ["/proc/self/root/etc/shadow"],
  "cat /proc/self/environ": ["/proc/self/environ"],
  'grep -r "" .env': [".env"],
  "git show HEAD:.env": [".env"],
  "git diff --": [],
};

/** A long here-document that is only data. */
const isData = ({ cmd }: { cmd: string }): boolean => /^cat <<A+\n/.test(cmd);

describe("known bypasses", () => {
  it.each(rows.filter((row) => !isData(row)).map((row) => [row.class, row.cmd]))("%s: %s", (_, cmd) => {
    const expected = READS[cmd];
    if (expected === undefined) return expect(effectOf(cmd)).not.toBe("reads");
    expect(effectOf(cmd)).toBe("reads");
    return expect(analyze(cmd).parts.flatMap((part) => part.accesses.map(({ path }) => path))).toEqual(expected);
  });

  it("lists no harmless row that is not there", () => {
    const commands = new Set(rows.map(({ cmd }) => cmd));
    expect(Object.keys(READS).filter((cmd) => !commands.has(cmd))).toEqual([]);
  });

  it("shows the deletion itself to deny rules, in all but the spellings that hide the text", () => {
    const deletes = rows.filter(({ cmd }) => /(?<![\w-])rm\b/.test(cmd) && cmd.length < 2000);
    const unseen = deletes.filter(({ cmd }) => !analyze(cmd).parts.some(({ program }) => program === "rm"));
    expect(unseen.map(({ cmd }) => cmd)).toEqual([
      "IFS=:; T='rm:-rf:/home/u/work'; $T",
      'cmd=(rm -rf "$HOME/work"); "${cmd[@]}"',
      "python3 -c \"c='rm -rf ~'; f=__import__('os').system; f(c)\"",
      "python3 -c \"open('/tmp/x.sh','w').write('rm -rf ~')\"; bash /tmp/x.sh",
    ]);
  });

  it.each([
    "git log --output=x",
    "git diff --output=x",
    "git -c core.fsmonitor=x status",
    "git -c diff.external=x diff",
    "git fetch 'ext::sh -c id'",
    "rg --pre x y",
    "rg --hostname-bin x y",
    "sort --compress-program x y",
    'less +"!id" f',
    "sed -n '1e id' f",
    "find . -e\\xec rm {} +",
    "LD_PRELOAD=x ls",
    "BASH_ENV=x ls",
    "PATH=/tmp/evil:$PATH git status",
    "echo $((a[$(rm -rf x)]))",
    "printf -v PATH /tmp",
    "GIT_SSH_COMMAND=x git fetch",
    "GIT_EXTERNAL_DIFF=x git diff",
    "PAGER=x git log",
    "man -P id ls",
    "tar --to-command=id -xf a",
    "echo '{}' > .claude/settings.local.json",
    "npx rimraf x",
    "uv run rm x",
  ])("peers allowed: %s", (cmd) => {
    expect(effectOf(cmd)).not.toBe("reads");
  });
});

const dangerous = "../shared/data/dangerous.jsonl.gz";

/** Reading only: clocks, process lists, password policies and searches for secrets, which path rules are for. */
const ONLY_READ =
  /^(?:date|ps aux \||pgrep -l|cat \/etc\/|find \/\/\.|grep -ri password \/|for file in \$\(find \/home|cd ~\/Library\/Cookies|set \+o history|tail \/var\/log\/ufw)/;

describe("attack corpora", () => {
  it.skipIf(!existsSync(dangerous))("of 619 dangerous rows only the argued ones read", () => {
    const corpus = readJsonLines(gunzipSync(readFileSync(dangerous)).toString("utf8"));
    const reading = corpus.filter(({ cmd }) => effectOf(cmd) === "reads").map(({ cmd }) => cmd);
    expect(corpus).toHaveLength(619);
    expect(reading.filter((cmd) => !ONLY_READ.test(cmd))).toEqual([]);
    expect(reading.length).toBeLessThanOrEqual(18);
  });
});
