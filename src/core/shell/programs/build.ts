/** Build tools, test runners, package managers and language tool chains: nearly all run the project's own code. */
import { each, type Knowledge, network, type Programs, reads, runsCode, unknown, writes } from "./knowledge.js";
import { PACKAGE_EXEC, TOOL_RUN, TOOLS_EXEC } from "./wrappers.js";

const script = { why: "runs a script of the project", names: "first", open: true } as const;
const build = { why: "builds or tests the project, running its code", open: true } as const;
const install = { why: "fetches packages and may run their scripts", open: true } as const;
const registry = { why: "talks to the package registry", open: true } as const;
const code = { why: "runs code", style: "posix", interpreter: true } as const;
const formats = { why: "changes files of the project" } as const;
const mayBeAnything = { open: true } as const;

const runScript = runsCode(
  "-s|--silent --if-present -w|--workspace= --workspaces --prefix=@ --cwd=@ -C|--dir=@ -r --recursive -F|--filter= --watch --hot --bun -b --parallel --no-bail --stream",
  "word*",
  script,
);

const NPM: Knowledge = reads(
  "-s|--silent --prefix=@ -g|--global -w|--workspace= --workspaces -C|--dir=@ -v|--version:r -h --cwd=@ -r --recursive --filter= -F=",
  "other*",
  {
    subcommands: {
      ...each("run run-script rum", runScript),
      ...each(
        "test t tst start stop restart build dev lint",
        runsCode("", "word*", { why: "runs a script of the project", open: true }),
      ),
      ...each("exec x dlx", PACKAGE_EXEC),
      ...each(
        "install i add ci clean-install update upgrade up uninstall remove rm un dedupe link ln rebuild create init import fetch prune self-update deploy patch install-test it install-clean",
        network("", "word*", install),
      ),
      ...each(
        "publish unpublish deprecate dist-tag owner access token login logout adduser whoami profile team org star hook audit outdated view info show search ping doctor fund docs bugs repo npm why-outdated diff stage trust",
        network("", "word*", registry),
      ),
      ...each(
        "ls list ll la why explain root prefix bin licenses",
        reads(
          "-[agl] --all --depth= --json --long --parseable --global --omit= --include= --link -p --prod --production --dev -r --recursive --only-projects --workspace=",
          "word*",
        ),
      ),
      ...each("pack version", runsCode("", "word*", build)),
      ...each("config set get pkg cache store env completion edit explore", unknown("", "word*", mayBeAnything)),
      "*": runsCode("", "word*", { why: "runs a script or program of the project", open: true }),
    },
    spreads: true,
  },
);
const YARN: Knowledge = {
  ...NPM,
  effect: "runs-code",
  options: NPM.options?.replace("-v|--version:r ", "") ?? "",
  subcommands: Object.fromEntries(Object.entries(NPM.subcommands ?? {}).filter(([, { effect }]) => effect !== "reads")),
};
const GO_OUT =
  "-o=> -C=@ -exec=! -toolexec=! -vettool=! -overlay=:u -modfile=< -pkgdir=> -outputdir=> -coverprofile=> -cpuprofile=> -memprofile=> -blockprofile=> -mutexprofile=> -trace=>";

export const BUILD: Programs = {
  npm: NPM,
  // Both hand over to a version that the project chooses, and that may be a file of it.
  ...each("pnpm yarn yarnpkg", YARN),
  bun: reads(
    "-v|--version:r --revision:r -e|--eval=%:x -p|--print=%:x --cwd=@ -b|--bun --watch --hot --silent -r|--preload=:x --env-file=<",
    "run word*",
    {
      interpreter: true,
      subcommands: {
        run: runScript,
        test: runsCode("", "word*", build),
        build: runsCode("", "word*", build),
        ...each("x", PACKAGE_EXEC),
        ...each(
          "install i add a remove rm update upgrade create init link unlink outdated publish patch audit info",
          network("", "word*", install),
        ),
        pm: unknown("", "word*", mayBeAnything),
        "*": runsCode("", "word*", { why: "runs a file or script of the project", open: true }),
      },
    },
  ),
  ...each(
    "node nodejs",
    runsCode(
      "-v|--version:r -c|--check:r -h -e|--eval=%:x -p|--print=%:x -r|--require=:x --import=:x --input-type= --loader=:x --test --watch --inspect=? --inspect-brk=? --env-file=< --experimental-strip-types --no-warnings --enable-source-maps --max-old-space-size= --trace-warnings --test-name-pattern= --conditions= -C= --stack-size= --expose-gc",
      "run word*",
      code,
    ),
  ),
  ...each(
    "deno tsx ts-node ts-node-esm babel-node swift scala kotlin kotlinc groovy lua luajit Rscript R julia elixir iex erl ghci runghc racket guile sbcl clojure clj nim crystal zig osascript tclsh expect php perl6 raku",
    runsCode("-e|--eval=% -c=% -p=% -r=%", "run word*", { ...code, open: true }),
  ),
  perl: runsCode("-v:r -e=%:x -E=%:x -[nplawsctuTUXWS0] -i=? -F= -M= -m= -I= -x=", "run word*", code),
  ruby: runsCode("--version:r -v -e=%:x -[nplawcsSU] -i=? -r= -I= -E= -W=?", "run word*", code),
  ...each(
    "python python3 python2 python3.9 python3.10 python3.11 python3.12 python3.13 pypy pypy3",
    runsCode("-V|--version:r -c=%:x -m=:x -[bBdEhiIOPqsSuvx] -OO -W= -X= --check-hash-based-pycs=", "run word*", {
      ...code,
      meaning: "-c",
    }),
  ),
  ...each(
    "java javac javaw jshell dotnet mono gradle gradlew ./gradlew mvn mvnw ant sbt mill lein bazel bazelisk buck buck2 pants ninja meson scons waf cmake ctest configure autoconf autoreconf automake rake bundle gem rails rspec mix rebar3 stack cabal ghc dune opam nix nix-build nix-shell devbox flutter dart xcodebuild xcrun pod fastlane tuist composer phpunit artisan",
    runsCode("", "word*", build),
  ),
  ...each(
    "gcc g++ cc c++ clang clang++ ld nm objdump rustc tsc swc esbuild rollup rolldown webpack vite parcel turbo nx lerna rush next nuxt astro remix svelte-kit ng vue-cli-service storybook playwright cypress vitest jest mocha ava tap c8 nyc knip publint madge depcheck typedoc wrangler vercel netlify",
    runsCode("", "word*", build),
  ),
  ...each(
    "pytest py.test tox nox unittest coverage mypy pyright pylint flake8 bandit pre-commit hatch pdm invoke behave sphinx-build mkdocs",
    runsCode("", "word*", build),
  ),
  ...each(
    "eslint biome oxlint stylelint tslint standard xo rubocop golangci-lint staticcheck gosec revive shellcheck hadolint yamllint markdownlint actionlint semgrep clang-tidy cppcheck swiftlint ktlint detekt hk lefthook husky",
    runsCode("", "word*", { why: "a linter runs what the project configures", open: true }),
  ),
  ...each(
    "prettier black isort ruff autopep8 yapf gofumpt goimports rustfmt clang-format shfmt dprint stylua taplo",
    runsCode("", "word*", { why: "a formatter runs what the project configures", open: true }),
  ),
  gofmt: reads("-d -e -s -l -r= -w:e -cpuprofile=>", "read*", { style: "long", meaning: "-w" }),

  ...each(
    "make gmake bmake",
    runsCode(
      "-[bBdeikLmnpqrRsStvw] -C|--directory=@ -f|--file|--makefile=< -I|--include-dir= -j|--jobs=? -l|--load-average=? -o|--old-file= -W|--what-if= -O|--output-sync=? --no-print-directory --silent --dry-run --keep-going --always-make --debug=? --trace --version:r --warn-undefined-variables --eval=%:u",
      "setting*",
      { why: "runs a build file", names: "all" },
    ),
  ),
  ...each(
    "just task mage rake invoke doit",
    runsCode("", "word*", { why: "runs a build file", names: "first", open: true }),
  ),
  mise: runsCode("-C|--cd=@ -v|--verbose -q|--quiet -y|--yes -E|--env= -j= --silent --version:r", "word*", {
    why: "runs what its settings say",
    subcommands: {
      ...each(
        "run r tasks.run",
        runsCode(
          "-[fnpqrSsty] --force --dry-run --quiet --silent --raw --timings -C|--cd=@ -j|--jobs= -o|--output= --no-timings --no-cache",
          "word*",
          { why: "runs a task of the project", names: "first" },
        ),
      ),
      ...each("exec x", TOOLS_EXEC),
      ...each("install use upgrade uninstall plugins", network("", "word*", install)),
      "*": runsCode("", "word*", { why: "reads settings that may run code", open: true }),
    },
  }),
  go: unknown("-C=@", "word*", {
    style: "long",
    subcommands: {
      ...each("test vet build install generate tool fix", runsCode(GO_OUT, "word*", { ...build, style: "long" })),
      run: runsCode(GO_OUT, "word*", { ...build, style: "long", why: "compiles and runs a program" }),
      ...each("get", network("", "word*", install)),
      mod: runsCode("", "word*", {
        subcommands: {
          ...each(
            "tidy download vendor verify why graph",
            network("", "word*", { why: "may fetch modules", open: true }),
          ),
          ...each("init edit", writes("", "word*+go.mod", mayBeAnything)),
        },
      }),
      list: network("", "word*", { why: "may fetch modules", open: true }),
      ...each("version", reads("-m -v -json", "read*", { style: "long" })),
      env: reads("-json -changed -w:w -u:w", "word*", { style: "long" }),
      doc: reads("-all -c -cmd -short -src -u -C=@ -ex -http:u", "word*", { style: "long" }),
      help: reads("", "word*"),
      fmt: writes("-n -x -mod=", "word*+.", { style: "long" }),
      clean: writes("-i -n -r -x -cache -testcache -modcache -fuzzcache", "word*+.", { style: "long" }),
      work: writes("", "word*+go.work", mayBeAnything),
      telemetry: unknown(),
    },
  }),
  cargo: unknown(
    "-q|--quiet -v|--verbose -V|--version:r --list:r --color= --offline --locked --frozen -C=@ -Z= --config=:u",
    "word*",
    {
      spreads: true,
      subcommands: {
        ...each(
          "build b check c test t run r bench clippy doc d rustc rustdoc nextest miri fix expand llvm-cov insta tarpaulin watch make xtask package deny hack machete udeps",
          runsCode("", "word*", build),
        ),
        ...each(
          "add remove rm update fetch install uninstall publish search login logout owner yank generate-lockfile vendor outdated audit binstall info",
          network("", "word*", install),
        ),
        ...each("metadata tree", network("", "word*", { why: "may fetch packages", open: true })),
        ...each("version locate-project pkgid verify-project", reads("-V --workspace --message-format=", "word*")),
        fmt: writes("--all --check -p= --package= --manifest-path=< --message-format= -v -q", "word*+.", formats),
        clean: writes("-p= --release --doc --target-dir=> --target= --profile= -n --dry-run", "word*+target", {}),
        ...each("new init", writes("--bin --lib --edition= --name= --vcs= --registry=", "edit*=.", {})),
      },
    },
  ),
  rustup: network("", "word*", install),
  uv: unknown("-q|--quiet -v|--verbose --directory=@ --project=@ --no-cache --offline -V:r", "word*", {
    subcommands: {
      run: TOOL_RUN,
      tool: unknown("", "word*", {
        subcommands: {
          run: TOOL_RUN,
          ...each("install upgrade uninstall update-shell", network("", "word*", install)),
          ...each("list dir", reads("-q -v --show-paths --show-version-specifiers --show-with", "word*")),
        },
      }),
      ...each(
        "sync add remove lock pip venv init python build publish export tree cache version self format auth",
        network("", "word*", install),
      ),
    },
  }),
  ...each(
    "poetry pdm rye pipenv hatch",
    network("", "word*", { ...install, subcommands: { run: TOOL_RUN, "*": network("", "word*", install) } }),
  ),
  ...each(
    "pip pip3",
    network("", "word*", {
      ...install,
      subcommands: {
        ...each(
          "list show freeze check",
          reads(
            "-v -l|--local --user --format= --not-required -f|--files --all --exclude= --path=< -o|--outdated:n -u|--uptodate:n",
            "word*",
          ),
        ),
        "*": network("", "word*", install),
      },
    }),
  ),
  ...each(
    "brew apt apt-get dnf yum pacman apk port snap conda mamba micromamba choco winget scoop nvm fnm volta asdf pyenv rbenv sdkman corepack gem dpkg rpm flatpak",
    network("", "word*", install),
  ),
};
