/** Programs that run another program found in their words. Transparent ones add nothing of their own. */
import { each, type Knowledge, type Programs, type Runs } from "./knowledge.js";

function runs(
  as: Runs["as"],
  options: string,
  extra: Partial<Knowledge> & { readonly more?: Omit<Runs, "as"> } = {},
): Knowledge {
  const { more, ...rest } = extra;
  return { effect: "unknown", options, style: "posix", runs: { as, ...more }, ...rest };
}

const clear = { effect: "reads" } as const;
const transparent = { transparent: true } as const;
const remote = { effect: "network", why: "runs on another machine" } as const;
const contained = { effect: "runs-code", why: "runs in a container" } as const;
const packaged = { effect: "network", why: "may fetch a package, and runs it" } as const;

const SHELL =
  "-[aefhiklmprtuvxBCDEHPbw] -c -s -n:r -o= -O= +o= --login --norc --noprofile --posix --verbose --no-rcs --rcfile|--init-file=<:u";
const DOCKER_RUN =
  "-d|--detach -i|--interactive -t|--tty --rm --init --privileged -P|--publish-all --read-only -e|--env= --env-file=< -v|--volume= --mount= -w|--workdir= -u|--user= --name= -p|--publish= --network|--net= --entrypoint=! -l|--label= -m|--memory= --cpus= --platform= --pull= --restart= -h|--hostname= --add-host= --cap-add= --cap-drop= --device= --gpus= --ipc= --link= --log-driver= --log-opt= --pid= --security-opt= --shm-size= --tmpfs= --ulimit= --volumes-from= --dns= --expose= --group-add= --cidfile=> -q|--quiet --no-healthcheck --userns= --stop-signal= --runtime=";
const DOCKER_EXEC =
  "-d|--detach -i|--interactive -t|--tty --privileged -e|--env= --env-file=< -w|--workdir= -u|--user= --detach-keys=";
const inContainer = runs("argv", DOCKER_EXEC, { ...contained, more: { skip: 1, lift: "runs-code" } });
const compose = runs(
  "argv",
  `${DOCKER_EXEC} -T|--no-TTY --index= --rm --no-deps --build --service-ports -v= --volume= -p= --publish= --name= -l= --entrypoint=! --quiet-pull`,
  { ...contained, more: { skip: 1, lift: "runs-code" } },
);

export const COMPOSE: Programs = { ...each("exec run", compose) };
export const CONTAINER: Programs = {
  exec: inContainer,
  run: runs("argv", DOCKER_RUN, { ...contained, more: { skip: 1, lift: "runs-code" } }),
};
export const KUBECTL_EXEC = runs(
  "argv",
  "-i|--stdin -t|--tty -c|--container= -n|--namespace= -q|--quiet --pod-running-timeout= -f|--filename=< --context= --kubeconfig=:u",
  {
    ...remote,
    style: "gnu",
    more: { dashes: true, lift: "network" },
  },
);
/** `npx`, `npm exec`: the package's program, then its words; `-c` is shell text. */
export const PACKAGE_EXEC = runs(
  "argv",
  "-y|--yes -q|--quiet --no|--no-install|--offline:l --prefer-offline --bun -p|--package=:u -c|--call=$ --silent --verbose -w= --workspace= --workspaces --ignore-existing:u --prefix=@ -C=@ --cwd=@ --registry=:u --script-shell=:u --node-options=:u --userconfig=*",
  {
    ...packaged,
    obeys: "code",
    fetches: true,
    more: { lift: "runs-code" },
  },
);
/** `pnpm exec`, `yarn exec`: only what is installed. */
export const INSTALLED_EXEC = runs(
  "argv",
  "-r|--recursive --parallel --silent -C|--dir=@ --cwd=@ -c|--shell-mode:u --filter=",
  {
    effect: "runs-code",
    why: "runs a program that the project has installed",
    obeys: "code",
    more: { lift: "runs-code" },
  },
);
/** `bundle exec`. */
export const BUNDLED_EXEC = runs("argv", "--keep-file-descriptors --gemfile=*", {
  effect: "runs-code",
  why: "runs a program of the project's bundle",
  obeys: "code",
  more: { lift: "runs-code" },
});
/** `bun exec`: shell text, which a shell of its own runs. */
export const SHELL_EXEC = runs("text", "", {
  effect: "runs-code",
  why: "runs shell text",
  more: { lift: "runs-code" },
});
export const TOOL_RUN = runs(
  "argv",
  "-q|--quiet -v|--verbose -p|--python=w --with=:u --with-requirements=:u --with-editable=:u --from=:u --no-cache --isolated --no-project --frozen --locked --no-sync --active --extra= --all-extras --group= --no-group= --only-group= --no-dev --dev --only-dev --package= --project=@ --directory=@ --env-file=< --no-env-file -m|--module=m -s|--script --refresh --offline --index-url=:u --default-index=:u --index=:u --no-root -C=:u -c=:u -j= -y --raw --color=? --no-progress --all-packages --exact --upgrade --config-file=*",
  {
    obeys: "code",
    effect: "runs-code",
    why: "prepares an environment and runs in it",
    more: { lift: "runs-code" },
  },
);

/** `mise exec node@20 -- node x.js`: tools, then the command. */
export const TOOLS_EXEC = runs(
  "argv",
  "-q|--quiet -v|--verbose -y|--yes -C|--cd=@ -E|--env= -j|--jobs= --raw --silent -c|--command=$",
  {
    effect: "runs-code",
    why: "prepares an environment and runs in it",
    style: "gnu",
    more: { dashes: true, lift: "runs-code" },
  },
);

export const WRAPPERS: Programs = {
  timeout: runs("argv", "-k|--kill-after= -s|--signal= -f|--foreground -p|--preserve-status -v|--verbose", {
    ...clear,
    more: { ...transparent, skip: 1 },
  }),
  gtimeout: runs("argv", "-k|--kill-after= -s|--signal= --foreground --preserve-status -v|--verbose", {
    ...clear,
    more: { ...transparent, skip: 1 },
  }),
  nice: runs("argv", "-# -n|--adjustment=", { ...clear, more: transparent }),
  ionice: runs("argv", "-c|--class= -n|--classdata= -t|--ignore -p=:u", { ...clear, more: transparent }),
  chrt: runs("argv", "-[abdfiorRv]", { more: { skip: 1 } }),
  taskset: runs("argv", "-[ac]", { more: { skip: 1 } }),
  nohup: runs("argv", "", { ...clear, more: transparent }),
  setsid: runs("argv", "-[cfw] --ctty --fork --wait", { ...clear, more: transparent }),
  stdbuf: runs("argv", "-i|--input= -o|--output= -e|--error=", { ...clear, more: transparent }),
  ...each("unbuffer chronic caffeinate", runs("argv", "-[dimsupve]", { ...clear, more: transparent })),
  time: runs("argv", "-[plvhaq] -f|--format= -o|--output=> --append --portability --verbose", {
    ...clear,
    more: transparent,
  }),
  command: runs("argv", "-p -v:r -V:r", { ...clear, more: transparent }),
  ...each("builtin noglob nocorrect", runs("argv", "", { ...clear, more: transparent })),
  exec: runs("argv", "-[cl] -a=", { ...clear, more: transparent }),
  env: runs(
    "argv",
    "-i|--ignore-environment -0|--null -u|--unset= -C|--chdir=@ -S|--split-string=$ -v|--debug --block-signal=? --default-signal=? --ignore-signal=? -P=:u",
    { ...clear, more: { ...transparent, assigns: true } },
  ),
  xargs: runs(
    "stdin-tail",
    "-0|--null -r|--no-run-if-empty -t|--verbose -p|--interactive -x|--exit -o|--open-tty -n|--max-args= -P|--max-procs= -L|--max-lines= -l=? -s|--max-chars= -I= -J= -R= -i=?:u --replace=?:u -d|--delimiter= -E= -e=? --eof=? -a|--arg-file=< --process-slot-var=",
    { ...clear, more: transparent },
  ),
  parallel: runs(
    "joined",
    "-[0kuvtXm] -j|--jobs= -n|--max-args= -N= -a|--arg-file=< -I= --bar --dry-run --eta --keep-order --halt= --joblog=> --tag --colsep= --progress --timeout= --retries= --will-cite --no-notice",
    { why: "fills words into shell text" },
  ),
  ...each(
    "sudo doas",
    runs(
      "argv",
      "-[AbBEHkKnNPSvVlis] --askpass --background --preserve-env=? --set-home --login --non-interactive --stdin --shell --list --reset-timestamp -u|--user= -g|--group= -p|--prompt= -C|--close-from= -h|--host= -r|--role= -t|--type= -T|--command-timeout= -D|--chdir=@ -R|--chroot= -U|--other-user= -c=",
      { why: "runs as another user", more: { assigns: true } },
    ),
  ),
  runuser: runs("argv", "-u|--user= -g|--group= -G= -c|--command=$ -s|--shell=! -l|--login -m -p -f", {
    why: "runs as another user",
  }),
  su: runs("argv", "-|-l|--login -c|--command=$ -s|--shell=! -g= -G= -m -p -f --preserve-environment -w=", {
    style: "gnu",
    why: "runs as another user",
    more: { skip: 99 },
  }),
  pkexec: runs("argv", "-u|--user= --disable-internal-agent --keep-cwd", { why: "runs as another user" }),
  setpriv: runs(
    "argv",
    "--no-new-privs --reuid= --regid= --clear-groups --keep-groups --init-groups --groups= --inh-caps= --ambient-caps= --bounding-set= --reset-env",
    { why: "runs as another user" },
  ),
  ...each("busybox toybox", runs("argv", "", { ...clear, more: transparent })),
  chroot: runs("argv", "--groups= --userspec= --skip-chdir", {
    why: "runs in another root folder",
    more: { skip: 1, lift: "unknown" },
  }),
  nsenter: runs("argv", "-a|--all -t|--target= -[mupinCUTFZ] -r -w -e -S= -G=", {
    why: "runs in other namespaces",
    more: { lift: "unknown" },
  }),
  unshare: runs(
    "argv",
    "-[fmupinCUTrc] --fork --map-root-user --mount-proc=? --kill-child=? --propagation= -R= -w= -S= -G=",
    { why: "runs in other namespaces" },
  ),
  firejail: runs("argv", "--quiet --noprofile --private=? --net= --", { why: "runs in a sandbox of its own" }),
  bwrap: { effect: "unknown", open: true, why: "runs in a sandbox of its own" },
  ...each(
    "strace ltrace",
    runs("argv", "-[fFcCrtTvxyqihknwz] -e= -o=> -p= -s= -u= -E= -O= -S= -P= -a= -b= -I= -l= -D", {
      why: "traces another program",
      more: {},
    }),
  ),
  perf: {
    effect: "unknown",
    why: "measures programs",
    subcommands: {
      ...each(
        "stat record trace",
        runs("argv", "-a -g -e= -o=> -r= -p= -F= -x= -d -v -C= -D= --call-graph=", { why: "measures another program" }),
      ),
    },
  },
  ...each("valgrind gdb lldb", { effect: "unknown", open: true, why: "runs another program under control" }),
  "systemd-run": runs(
    "argv",
    "--user --scope --wait --pipe --pty --collect -q|--quiet -G -t -P -d --unit= -u= -p= --property= --description= --slice= --uid= --gid= --nice= --working-directory= -E= --setenv= --on-calendar= --on-active= --on-boot= --timer-property= --same-dir",
    { why: "runs as a service" },
  ),
  prlimit: runs("argv", "-c= -d= -n= -u= -v= --nofile= --nproc= --as= --core=", {}),
  flock: runs(
    "either",
    "-s|--shared -x|-e|--exclusive -u|--unlock -n|--nonblock -w|--timeout= -o|--close -E= -F|--no-fork -c|--command=$ --verbose",
    { why: "makes the file that it locks", more: { skip: 1 } },
  ),
  watch: runs(
    "joined",
    "-[bcdegtpxrwC] --beep --color --differences=? --errexit --chgexit --no-title --precise --exec -n|--interval= -q=",
    { ...clear, more: transparent },
  ),
  script: runs("argv", "-[aefqr] -c|--command=$ --append --flush --quiet --return -t=? -I= -O=> -B= -E= -m= -o= -T=", {
    more: { skip: 1 },
    why: "records a session into a file",
  }),
  ...each("bash sh zsh dash ksh ash mksh", {
    effect: "reads",
    options: SHELL,
    style: "posix",
    runs: { as: "code", transparent: true },
  }),
  // Its quotes and substitutions are its own, so what is read here need not be what it runs.
  fish: {
    effect: "unknown",
    options: "-[ilnNP] -c --command=$ -C|--init-command=$ --no-config --private -o= -d= -f= -v:r --version:r",
    why: "runs text of another shell",
    style: "posix",
    runs: { as: "code" },
  },
  eval: runs("joined", "", { ...clear, more: transparent }),
  trap: runs("text", "-[lp]", { ...clear, more: transparent }),
  ssh: runs(
    "joined",
    "-[46AaCfGgKkMNnqsTtVvXxYy] -p= -l= -i=< -L= -R= -D= -W= -B= -b= -c= -e= -F=<:u -I=:u -J= -m= -O= -o=:u -Q= -S= -w= -E=>",
    { ...remote, more: { skip: 1, lift: "network" } },
  ),
  ...each("mosh sshpass", { effect: "network", open: true, why: "runs on another machine" }),
  ...each("npx bunx pnpx", PACKAGE_EXEC),
  uvx: TOOL_RUN,
  pipx: {
    effect: "network",
    why: "fetches and runs packages",
    subcommands: {
      run: TOOL_RUN,
      list: { effect: "reads", options: "--short --json --include-injected", operands: "word*" },
    },
  },
  ...each("direnv dotenv dotenvx op-run", {
    effect: "unknown",
    open: true,
    why: "loads an environment and runs in it",
  }),
  hyperfine: runs(
    "joined",
    "-w|--warmup= -r|--runs= -m= -M= -N -i --show-output --export-json=> --export-markdown=> -p|--prepare=$ -s=$ --setup=$ -c|--cleanup=$ -n|--command-name= --style= --shell=! -L=",
    { why: "runs commands many times" },
  ),
  entr: runs("argv", "-[acdnprsz]", { why: "runs on every change" }),
  tmux: {
    effect: "unknown",
    options: "-2 -C -D -l -N -u -v -V:r -c=$ -f=<:u -L= -S= -T=",
    why: "runs in another terminal",
    subcommands: {
      // `-F` is left out: a format can run commands.
      ...each("ls list-sessions list-windows lsw list-panes lsp has-session has", {
        effect: "reads",
        options: "-a -s -t=",
        operands: "word*",
      }),
      ...each("capture-pane capturep", {
        effect: "reads",
        options: "-p -a -e -J -N -q -t= -S= -E=",
        operands: "word*",
      }),
      ...each(
        "new-session new new-window neww split-window splitw respawn-pane respawnp respawn-window respawnw run-shell run if-shell if send-keys send pipe-pane pipep display-popup popup",
        runs("joined", "-[abdADEPXBCFHhvfklMRZoO] -c=@ -e= -n= -s= -t= -x= -y= -p= -w=", {
          why: "runs in another terminal",
        }),
      ),
      "*": { effect: "unknown", open: true, why: "runs in another terminal" },
    },
  },
  screen: { effect: "unknown", open: true, why: "runs in another terminal" },
  crontab: {
    effect: "unknown",
    options: "-l:r -u= -e -r -i",
    operands: "word*",
    why: "runs later",
    runs: { as: "stdin" },
  },
  ...each("at batch", { effect: "unknown", open: true, why: "runs later", runs: { as: "stdin" } }),
};
