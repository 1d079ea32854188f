/** Interpreters and language tool chains. Code in their words is code; modules of Python are programs of their own. */
import { each, type Knowledge, network, type Programs, reads, runsCode, unknown, writes } from "./knowledge.js";
import { TOOL_RUN } from "./wrappers.js";

const build = { why: "builds or tests the project, running its code", obeys: "code" } as const;
const install = { why: "fetches packages and may run their scripts", open: true } as const;
const code = { why: "runs code", style: "posix", interpreter: true, obeys: "code" } as const;
const mayBeAnything = { open: true } as const;

const GO_BUILD =
  "-o=> -C=@ -v -x -n -a -i -race -msan -asan -cover -covermode= -coverpkg= -work -p= -tags= -mod= -modcacherw -trimpath -buildmode= -buildvcs=? -json=? -installsuffix= -linkshared -pgo=< -ldflags=% -gcflags=% -asmflags=% -exec=! -toolexec=! -vettool=! -compiler=:u -gccgoflags=:u -overlay=* -modfile=* -pkgdir=>";
const GO_TEST = `${GO_BUILD} -run= -bench= -benchmem -benchtime= -count= -cpu= -short -timeout= -failfast -parallel= -shuffle= -list= -fuzz= -fuzztime= -fuzzminimizetime= -fullpath -skip= -c -vet= -update -outputdir=> -coverprofile=> -cpuprofile=> -memprofile=> -blockprofile=> -mutexprofile=> -trace=> -artifacts -args`;
const go = { ...build, style: "long", check: "tool-flags" } as const;

const CARGO =
  "-p|--package= --workspace --all --exclude= --lib --bin= --bins --test= --tests --bench= --benches --example= --examples --all-targets -F|--features= --all-features --no-default-features -r|--release --profile= --target=w --target-dir=> --timings=? -j|--jobs= --keep-going --no-fail-fast --no-run --message-format= --ignore-rust-version --artifact-dir=> --doc --no-deps --document-private-items --open:u --future-incompat-report --lockfile-path=> -h|--help";
const cargo = { why: "builds or tests the project, running its code" } as const;

const PYTHON: Knowledge = runsCode(
  "-V|--version:r -c=%:x -m=m:x -[bBdEhiIOPqsSuvx] -OO -W=w -X=w --check-hash-based-pycs=",
  "run word*",
  { ...code, meaning: "-c" },
);

export const LANGUAGES: Programs = {
  ...each(
    "node nodejs",
    runsCode(
      "-v|--version:r -c|--check:r -h -e|--eval=%:x -p|--print=%:x -r|--require=* --import=* --loader|--experimental-loader=* --input-type= --test --watch --inspect=? --inspect-brk=? --env-file=< --env-file-if-exists=< --experimental-strip-types --experimental-transform-types --no-warnings --enable-source-maps --max-old-space-size= --trace-warnings --trace-deprecation --test-name-pattern= --test-reporter=w --test-only --test-concurrency= --test-timeout= --conditions|-C= --stack-size= --expose-gc --expose_gc --unhandled-rejections= --experimental-vm-modules --experimental-sqlite --no-deprecation --throw-deprecation --preserve-symlinks --stack-trace-limit= --run=:u",
      "run word*",
      code,
    ),
  ),
  ...each(
    "deno tsx ts-node ts-node-esm babel-node scala kotlin kotlinc groovy lua luajit Rscript R julia elixir iex erl ghci runghc racket guile sbcl clojure clj nim crystal zig osascript tclsh expect perl6 raku",
    runsCode("--version|-version:r -e|--eval=% -c=% -p=% -r=%", "run word*", { ...code, open: true }),
  ),
  deno: runsCode("-V|--version:r", "run other*", {
    ...code,
    style: "gnu",
    subcommands: {
      ...each(
        "test check lint bench",
        runsCode(
          "-q|--quiet --no-check --check=? --filter= --fail-fast=? --parallel --coverage=> --reporter=w --junit-path=> --doc --ignore= --shuffle=? --trace-leaks --watch --fix:e --rules --json --no-run --allow-none --all",
          "run*",
          build,
        ),
      ),
      fmt: runsCode(
        "--check --ext= --ignore= --indent-width= --line-width= --no-semicolons --single-quote --use-tabs --prose-wrap= -q|--quiet",
        "edit*=.",
        build,
      ),
      ...each("eval repl", runsCode("", "other*", { open: true, interpreter: true })),
      ...each("compile doc install", unknown("", "word*", mayBeAnything)),
      "*": runsCode("", "other*", { ...build, open: true }),
    },
  }),
  // `-l` looks at the syntax only.
  php: runsCode("-v|--version:r -l|--syntax-check:r -m|--modules:r -r=%:x -f=* -c=* -d=:u", "run word*", code),
  perl: runsCode("-v:r -e=%:x -E=%:x -[nplawsctuTUXWS0] -i=? -F= -M= -m= -I= -x=", "run word*", code),
  ruby: runsCode("--version:r -v -e=%:x -[nplawcsSU] -i=? -r= -I= -E= -W=?", "run word*", code),
  ...each("python python3 python2 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 pypy pypy3", PYTHON),
  // Modules of Python's own library that only look or check; `-m` runs them.
  "json.tool": reads("--sort-keys --no-ensure-ascii --json-lines --indent= --tab --no-indent --compact", "read write"),
  ...each("py_compile compileall", writes("-[qflx] -j= -r= --quiet", "word*+.", { why: "writes compiled files" })),
  gofmt: reads("-d -e -s -l -r= -w:e -cpuprofile=>", "read*", { style: "long", meaning: "-w" }),
  go: unknown("-C=@", "word*", {
    style: "long",
    obeys: "code",
    subcommands: {
      ...each("test vet", runsCode(GO_TEST, "run*", go)),
      ...each("build install", runsCode(GO_BUILD, "run*", go)),
      ...each("generate tool fix", runsCode(GO_BUILD, "word*", { ...go, open: true })),
      run: runsCode(GO_BUILD, "run word*", { ...go, why: "compiles and runs a program" }),
      ...each("get", network("", "word*", install)),
      mod: runsCode("", "word*", {
        subcommands: {
          ...each("why graph verify", network("-m -vendor -x -v -go= -compat=", "word*", { why: "may fetch modules" })),
          ...each("tidy download vendor", network("", "word*", { why: "may fetch modules", open: true })),
          ...each("init edit", writes("", "word*+go.mod", mayBeAnything)),
        },
      }),
      list: network(
        `${GO_BUILD} -f= -m -u -versions:u -retracted -deps -test -e -find -compiled -export -reuse=< `,
        "run*",
        {
          ...go,
          why: "may fetch modules",
        },
      ),
      ...each("version", reads("-m -v -json", "read*", { style: "long" })),
      env: reads("-json -changed -w:w -u:w", "word*", { style: "long" }),
      doc: reads("-all -c -cmd -short -src -u -C=@ -ex -http:u", "word*", { style: "long" }),
      help: reads("", "word*"),
      fmt: writes("-n -x -mod=", "edit*=.", { style: "long" }),
      clean: writes("-i -n -r -x -cache -testcache -modcache -fuzzcache", "word*+.", { style: "long" }),
      work: writes("", "word*+go.work", mayBeAnything),
      telemetry: unknown(),
    },
  }),
  cargo: unknown(
    "-q|--quiet -v|--verbose -vv -V|--version:r --list:r --color= --offline --locked --frozen -C=@ -Z=:u --config=:u --manifest-path=*",
    "word*",
    {
      spreads: true,
      obeys: "code",
      subcommands: {
        ...each("build b check c test t bench doc d", runsCode(CARGO, "other*", cargo)),
        clippy: runsCode(`${CARGO} --fix:w --allow-dirty --allow-staged --broken-code`, "lint*", cargo),
        ...each(
          "run r rustc rustdoc nextest miri fix expand llvm-cov insta tarpaulin watch make xtask package deny hack machete udeps",
          runsCode("", "word*", { ...cargo, open: true }),
        ),
        ...each(
          "add remove rm update fetch install uninstall publish search login logout owner yank generate-lockfile vendor outdated audit binstall info",
          network("", "word*", install),
        ),
        ...each(
          "metadata tree",
          network(
            "--no-deps --format-version= --filter-platform= -e|--edges= -i|--invert= -d|--duplicates --depth= --prefix= --no-dedupe --charset= -f|--format= --target= -p|--package= --workspace --exclude= --features= -F= --all-features --no-default-features --prune=",
            "word*",
            { why: "may fetch packages" },
          ),
        ),
        ...each("version locate-project pkgid verify-project", reads("-V --workspace --message-format=", "word*")),
        fmt: writes("--all --check -p= --package= --message-format= -v -q", "lint*+.", {
          why: "changes files of the project",
        }),
        clean: writes("-p= --release --doc --target-dir=> --target= --profile= -n --dry-run", "word*+target", {}),
        ...each("new init", writes("--bin --lib --edition= --name= --vcs= --registry=", "edit*=.", {})),
      },
    },
  ),
  rustup: network("", "word*", {
    ...install,
    subcommands: {
      show: reads("-v", "word*"),
      which: reads("--toolchain=", "word"),
      ...each(
        "toolchain target component",
        network("", "word*", {
          subcommands: { list: reads("-v --installed --toolchain=", ""), "*": network("", "word*", install) },
        }),
      ),
      "*": network("", "word*", install),
    },
  }),
  uv: unknown("-q|--quiet -v|--verbose --directory=@ --project=@ --no-cache --offline -V:r", "word*", {
    obeys: "code",
    subcommands: {
      run: TOOL_RUN,
      tool: unknown("", "word*", {
        subcommands: {
          run: TOOL_RUN,
          ...each("install upgrade uninstall update-shell", network("", "word*", install)),
          ...each("list dir", reads("-q -v --show-paths --show-version-specifiers --show-with", "word*")),
        },
      }),
      pip: network("", "word*", {
        subcommands: {
          ...each(
            "list freeze show tree check",
            reads("--format= --outdated:n -q -v --strict --depth= --invert", "word*"),
          ),
          "*": network("", "word*", install),
        },
      }),
      tree: network(
        "--depth= --invert --no-dedupe --outdated --frozen --locked --package= --prune= --universal",
        "word*",
        {
          why: "may resolve packages",
        },
      ),
      ...each(
        "sync add remove lock venv init python build publish export cache version self format auth",
        network("", "word*", install),
      ),
    },
  }),
  ...each(
    "poetry pdm rye pipenv hatch",
    network(
      "-q|--quiet -v|--verbose -n|--no-interaction --no-ansi -C|--directory=@ -P|--project=@ --no-plugins --no-cache",
      "word*",
      {
        ...install,
        obeys: "code",
        subcommands: { run: TOOL_RUN, "*": network("", "word*", install) },
      },
    ),
  ),
  ...each(
    "pip pip3",
    network(
      "-V|--version:r -q -v --disable-pip-version-check --no-cache-dir --no-color --no-input --python=!",
      "word*",
      {
        ...install,
        subcommands: {
          list: reads(
            "-v -l|--local --user --format= --not-required --exclude= --path=< -o|--outdated:n -u|--uptodate:n -i|--index-url=:u -f|--find-links=:u --pre --editable -e",
            "",
          ),
          show: reads("-v -f|--files", "name*"),
          ...each("freeze check", reads("-v -l|--local --user --all --exclude= --path=<", "")),
          "*": network("", "word*", install),
        },
      },
    ),
  ),
};
