/** Builtins of the shell, and the programs that do no more than they do. */
import { each, type Programs, reads, runsCode, unknown, writes } from "./knowledge.js";

const PRINTS = "prints variables, secrets included";
const plain = { style: "plain", harmless: true } as const;

export const BUILTINS: Programs = {
  ...each(
    "echo true false : [ test expr seq sleep usleep basename dirname pwd logname tty break continue return exit shift wait times",
    reads("", "word*", plain),
  ),
  ...each("cd pushd popd dirs", reads("", "word*", plain)),
  ...each("jobs disown bg fg", reads("-[lprsnah]", "word*")),
  ...each("umask ulimit", reads("-[SHacdefilmnpqrstuvxT]", "word*")),
  printf: reads("-v=:u", "word*", { style: "posix" }),
  read: reads("-r -s -e -d= -n= -N= -p= -t= -u= -i= -a=:u", "variable*", { style: "posix" }),
  // Without a name they print every variable, secrets included.
  ...each(
    "declare typeset local export readonly",
    unknown("-[aAfFgrtux] -p:u", "assign*", { withOperands: "reads", why: PRINTS }),
  ),
  unset: reads("-[vf]", "variable*"),
  set: unknown("-[euxvnfbmCE]:r -o=o:r", "toggle*", { style: "posix", withOperands: "reads", why: PRINTS }),
  shopt: unknown("", "word*", { why: "changes how the shell reads what follows" }),
  alias: unknown("-p -g -s", "alias*", { why: "changes what the shell runs" }),
  ...each(
    "unalias hash enable bind complete compgen compopt history fc setopt unsetopt zmodload autoload bindkey emulate",
    unknown("", "word*", { why: "changes what the shell runs" }),
  ),
  type: reads("-[aftpP]", "word*"),
  which: reads("-[asv] --all", "word*"),
  whereis: reads("-[bmsul]", "word*"),
  ...each("whoami", reads("", "word*")),
  ...each("id groups", reads("-[uGgnrzZ] --user --group --groups --name --real", "word*")),
  uname: reads("-[amnrsvpio] --all --kernel-name --kernel-release --machine --operating-system", "word*"),
  ...each("arch nproc", reads("--all --ignore=", "word*")),
  // Alone it tells the time zone too, which is looked for in attacks.
  date: unknown(
    "-u|--utc|--universal:r -R|--rfc-email:r -I=?:r --iso-8601=?:r --rfc-3339=:r -d|--date=:r -r=< --reference=< -j -n -v= -f=< -s|--set=:w --debug",
    "format*",
    { withOperands: "reads", why: "tells the clock and the zone of this machine" },
  ),
  cal: reads("-[1yjmsh3]", "word*"),
  uptime: reads("-[pshV] --pretty --since", ""),
  ...each("getconf sw_vers", reads("-a -productName -productVersion -buildVersion", "word*")),
  printenv: unknown("-0|--null", "word*", { why: "prints the environment, secrets included" }),
  locale: reads("-[ackmv]", "word*"),
  mktemp: writes("-d|--directory -q|--quiet -u|--dry-run -t -p=> --tmpdir=?:u --suffix=w", "write*=/tmp"),
  kill: unknown("-[sln]", "word*", { why: "signals a process", open: true }),
  ...each("pkill killall", unknown("", "word*", { why: "signals processes", open: true })),
  ...each("source .", runsCode("", "run word*", { why: "runs the file in this shell", style: "plain" })),
};
