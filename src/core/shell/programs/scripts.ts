/**
 * Runners of a project's own scripts and build files: npm and its kin, make, just, task, mise, Maven, Gradle and the
 * like. Where code, settings or the shell come from is their options' to say; such an option is named here, or the
 * effect is not known. Words for the script itself are not understood: they may be paths.
 */
import { each, type Knowledge, network, type Programs, reads, runsCode, unknown } from "./knowledge.js";
import { BUNDLED_EXEC, INSTALLED_EXEC, PACKAGE_EXEC, SHELL_EXEC, TOOLS_EXEC } from "./wrappers.js";

const script = { why: "runs a script of the project", obeys: "code" } as const;
const named = { ...script, names: "first" } as const;
const file = { why: "runs a build file", obeys: "code" } as const;
const build = { why: "builds or tests the project, running its code", obeys: "code" } as const;
const install = { why: "fetches packages and may run their scripts", open: true, obeys: "code" } as const;
const registry = { why: "talks to the package registry", open: true } as const;
const mayBeAnything = { open: true } as const;

const FOREIGN =
  "--script-shell=:u --node-options=:u --userconfig=* --globalconfig=* --config.script-shell=:u --config.scriptShell=:u --config.node-options=:u --use-yarnrc=* --yarn-path=* --preload=* --env-file=< --shell=! --scripts-prepend-node-path=?:u";
const WHERE =
  "--prefix=@ -C|--dir=@ --cwd=@ -w|--workspace= --workspaces --include-workspace-root -F|--filter= --filter-prod= --recursive --workspace-root --workspace-concurrency= --stream --parallel --aggregate-output --if-present -s|--silent -q|--quiet --no-bail --resume-from= --sequential --report-summary --reporter= --color=? --no-color --loglevel= --foreground-scripts --ignore-scripts --verbose --no-progress --no-update-notifier --no-audit --no-fund --offline --prefer-offline";
const NPM_RUN = `${WHERE} ${FOREIGN}`;

/** npm reads every option before `--`; pnpm, yarn and bun hand on what follows the script's name. */
const npmRun = runsCode(NPM_RUN, "other*", named);
const npmTest = runsCode(NPM_RUN, "other*", script);
const run = runsCode(`${NPM_RUN} --watch --hot --bun -b`, "other*", { ...named, style: "posix" });
const test = runsCode(NPM_RUN, "other*", { ...script, open: true });

const packages = (own: { readonly run: Knowledge; readonly test: Knowledge; readonly exec: Knowledge }): Programs => ({
  ...each("run run-script rum", own.run),
  ...each("test t tst start stop restart build dev lint", own.test),
  exec: own.exec,
  ...each("x dlx", PACKAGE_EXEC),
  ...each(
    "install i add ci clean-install update upgrade up uninstall remove rm un dedupe link ln rebuild create init import fetch prune self-update deploy patch install-test it install-clean",
    network("", "word*", install),
  ),
  ...each(
    "publish unpublish deprecate dist-tag owner access token login logout adduser whoami profile team org star hook audit fund docs bugs repo npm why-outdated diff stage trust",
    network("", "word*", registry),
  ),
  ...each(
    "outdated view info show search ping doctor v",
    network(
      "-g|--global --json --long -l --all -a --parseable -p --depth= --prod --dev -D -P --compatible --format= --no-table --registry=:u -r --recursive",
      "name*",
      {
        why: "asks the package registry",
      },
    ),
  ),
  ...each(
    "ls list ll la why explain root prefix bin licenses",
    reads(
      "-[agl] --all --depth= --json --long --parseable --global --omit= --include= --link -p --prod --production --dev -r --recursive --only-projects --workspace=",
      "word*",
    ),
  ),
  ...each("pack version", runsCode("", "word*", { ...build, open: true })),
  config: unknown("", "word*", {
    subcommands: {
      // By a plain name: tokens are kept under addresses.
      get: reads("--json", "name*"),
      "*": unknown("", "word*", mayBeAnything),
    },
  }),
  ...each("set get pkg cache store env completion edit explore", unknown("", "word*", mayBeAnything)),
  "*": runsCode(NPM_RUN, "other*", { why: "runs a script or program of the project", open: true, obeys: "code" }),
});

const TOP = `-v|--version:r -h -g|--global -r ${WHERE} ${FOREIGN}`;
const NPM: Knowledge = reads(TOP, "other*", {
  obeys: "code",
  subcommands: packages({ run: npmRun, test: npmTest, exec: PACKAGE_EXEC }),
  spreads: true,
});
/** All three hand over to a version that the project chooses, and that may be a file of it. */
const YARN: Knowledge = runsCode(TOP.replace("-v|--version:r ", "--version "), "other*", {
  obeys: "code",
  subcommands: Object.fromEntries(
    Object.entries(packages({ run, test, exec: INSTALLED_EXEC })).filter(([, { effect }]) => effect !== "reads"),
  ),
  spreads: true,
});

const MAVEN =
  "-q -quiet -B -batch-mode -e -errors -X -debug -o -offline -U -update-snapshots -N -non-recursive -am -also-make -amd -also-make-dependents -ntp -no-transfer-progress -fae -fail-at-end -ff -fail-fast -fn -fail-never -v:r -version:r -V -show-version -h:r -l=> -log-file=> -C -c -nsu -pl= -projects= -P= -T= -threads= -rf= -resume-from= -color= -DskipTests=? -DskipITs=? -Dmaven.test.skip=? -Dtest= -Dit.test= -DfailIfNoTests=? -Dsurefire.failIfNoSpecifiedTests=? -DfailIfNoSpecifiedTests=? -Dstyle.color= -Dgroups= -Dcheckstyle.skip=? -Dspotbugs.skip=? -Dmaven.javadoc.skip=? -f=* -file=* -s=* -settings=* -gs=* -t=* -D=:u";
const GRADLE =
  "-q|--quiet -i|--info -d|--debug -w|--warn -s|--stacktrace -S|--full-stacktrace --console= --continue --no-daemon --daemon --parallel --no-parallel --build-cache --no-build-cache --configuration-cache --no-configuration-cache --offline --rerun-tasks --refresh-dependencies:n -m|--dry-run -x|--exclude-task= --tests= -t|--continuous --max-workers= --warning-mode= --scan:n --profile -a --configure-on-demand -v|--version -h|--help --status --stop --fail-fast --all -p|--project-dir=* -b|--build-file=* -c|--settings-file=* -I|--init-script=* -g|--gradle-user-home=* --include-build=* --project-cache-dir=> -D|--system-prop=:u -P|--project-prop=:u --configuration= --dependency= --write-locks";
const gradle = runsCode(GRADLE, "word*", { ...build, names: "all" });

const DOTNET =
  "-c|--configuration=w -f|--framework=w -r|--runtime=w -o|--output=> -v|--verbosity=w --no-restore --no-build --no-incremental --nologo -nologo --force --filter= -l|--logger=w -t|--list-tests --blame --collect=w --results-directory=> --verify-no-changes --severity= --include= --exclude= --diagnostics= --self-contained --no-self-contained --os= -a|--arch= --interactive -s|--settings=* -p=:u --property=:u --test-adapter-path=* --no-dependencies";

export const SCRIPTS: Programs = {
  npm: NPM,
  ...each("pnpm yarn yarnpkg", YARN),
  bun: reads(
    "-v|--version:r --revision:r -e|--eval=%:x -p|--print=%:x --cwd=@ -b|--bun --watch --hot --silent -r|--preload=* --env-file=< -F|--filter= --config=* -c=*",
    "run other*",
    {
      interpreter: true,
      obeys: "code",
      spreads: true,
      subcommands: {
        run: runsCode(
          "--if-present --silent --parallel --sequential --no-exit-on-error --elide-lines= --shell=",
          "other*",
          { ...named, style: "posix" },
        ),
        test: runsCode(
          "-t|--test-name-pattern= --timeout= --rerun-each= --only --todo --bail=? --coverage --coverage-reporter=w --coverage-dir=> -u|--update-snapshots --reporter=w --reporter-outfile=> --concurrent --randomize --seed= --max-concurrency= --pass-with-no-tests --dots --only-failures",
          "run*",
          build,
        ),
        build: runsCode(
          "--outdir=> --outfile=> --target= --format= --minify --minify-syntax --minify-whitespace --minify-identifiers --sourcemap=? --splitting -e|--external= --root=< --production --watch --no-bundle --entry-naming= --chunk-naming= --asset-naming= --public-path= --define= --loader= --packages= --env= --compile --bytecode --conditions= --banner= --footer=",
          "run*",
          build,
        ),
        ...each("x", PACKAGE_EXEC),
        exec: SHELL_EXEC,
        ...each(
          "install i add a remove rm update upgrade create init link unlink outdated publish patch audit info",
          network("", "word*", install),
        ),
        pm: unknown("", "word*", mayBeAnything),
        "*": runsCode("", "other*", { why: "runs a file or script of the project", open: true, obeys: "code" }),
      },
    },
  ),

  ...each(
    "make gmake bmake",
    runsCode(
      "-[bBdeikLmnpqrRsStvw] -C|--directory=@ -f|--file|--makefile=* -I|--include-dir=* -j|--jobs=? -l|--load-average=? -o|--old-file= -W|--what-if= -O|--output-sync=? --no-print-directory --silent --quiet --dry-run --just-print --keep-going --always-make --debug=? --trace --question --touch --version:r --warn-undefined-variables --no-builtin-rules --eval|-E=:u",
      "setting*",
      { ...file, names: "all" },
    ),
  ),
  just: runsCode(
    "-f|--justfile=* -d|--working-directory=@ -n|--dry-run -q|--quiet -v|--verbose -l|--list:r --summary:r -s|--show=:r --groups:r --evaluate --dump:r --set=2:u --dotenv-path=* --dotenv-filename=* --shell=! --shell-arg=:u --shell-command:u -c|--command=$ --color= --yes --unsorted --no-deps --one --time --timestamp --highlight --no-highlight --chooser=! --choose:u -e|--edit:u --fmt:w --check --unstable --global-justfile:u -g:u --ceiling=<",
    // Recipes are filled with the words, as text for the shell.
    "filled*",
    { ...file, names: "first", style: "posix" },
  ),
  task: runsCode(
    "-t|--taskfile=* -d|--dir=@ -n|--dry -s|--silent -v|--verbose -f|--force -p|--parallel -l|--list -a|--list-all -j|--json --sort= -w|--watch -I|--interval= -C|--concurrency= -c|--color=? --summary --status -x|--exit-code -o|--output=w -g|--global:u -y|--yes --no-status --insecure:u -i|--init:w --version:r",
    "setting*",
    { ...file, names: "all" },
  ),
  bundle: runsCode("-v|--version:r", "word*", {
    ...build,
    subcommands: { exec: BUNDLED_EXEC, "*": network("", "word*", install) },
  }),
  ...each("mage doit", runsCode("", "other*", { ...file, names: "first", open: true })),
  ...each(
    "rake invoke",
    runsCode(
      "-n|--dry-run -q|--quiet -s|--silent -t|--trace=? -v|--verbose -T|--tasks -A -j|--jobs=? -m|--multitask -N|--no-search -P -V|--version:r -f|--rakefile=* -r|--require=* -I|--libdir=* -R|--rakelibdir=* -C|--directory=@ -e|--execute=:u -E|--execute-continue=:u -p|--execute-print=:u -g|--system:u",
      "setting*",
      { ...file, names: "all" },
    ),
  ),
  mise: runsCode("-C|--cd=@ -v|--verbose -q|--quiet -y|--yes -E|--env= -j= --silent --version:r", "word*", {
    why: "runs what its settings say",
    obeys: "code",
    subcommands: {
      ...each(
        "run r tasks.run",
        runsCode(
          "-[fnpqrSty] --force --dry-run --check --quiet --silent --raw --timings -C|--cd=@ -j|--jobs= -o|--output=w --no-timings --no-cache -s|--shell=!",
          "other*",
          { why: "runs a task of the project", names: "first" },
        ),
      ),
      ...each("exec x", TOOLS_EXEC),
      ...each("install use upgrade uninstall plugins", network("", "word*", install)),
      "*": runsCode("", "word*", { why: "reads settings that may run code", open: true }),
    },
  }),

  ...each("mvn mvnw ./mvnw", runsCode(MAVEN, "word*", { ...build, names: "all", style: "long" })),
  ...each("gradle gradlew ./gradlew", gradle),
  dotnet: runsCode("--version:r --info:r --list-sdks:r --list-runtimes:r -h|--help:r", "other*", {
    ...build,
    subcommands: {
      ...each("build test clean format", runsCode(DOTNET, "run*", build)),
      "*": runsCode("", "word*", { ...build, open: true }),
    },
  }),
  swift: runsCode("--version:r", "run other*", {
    ...build,
    subcommands: {
      ...each(
        "build test",
        runsCode(
          "-c|--configuration= --target= --product= -v|--verbose -q|--quiet --filter= --skip= --parallel --num-workers= -j|--jobs= --enable-code-coverage --list-tests --build-tests --skip-build --xunit-output=> --sanitize= --show-bin-path --static-swift-stdlib --disable-sandbox:u --package-path=@ --scratch-path=> --build-path=> --cache-path=>",
          "word*",
          build,
        ),
      ),
      "*": runsCode("", "word*", { ...build, open: true }),
    },
  }),
  mix: runsCode("-v|--version:r", "other*", {
    ...build,
    subcommands: {
      test: runsCode(
        "--trace --stale --failed --cover --seed= --max-failures= --only= --include= --exclude= --color --no-color --slowest= --no-start --no-compile --warnings-as-errors --partitions= --timeout= --exit-status= --raise",
        "run*",
        build,
      ),
      ...each(
        "compile credo dialyzer",
        runsCode("--force --warnings-as-errors --strict --all --format=w --no-color --verbose", "word*", build),
      ),
      format: runsCode("--check-formatted --dry-run --check-equivalent --dot-formatter=*", "edit*", build),
      "*": runsCode("", "word*", { ...build, open: true }),
    },
  }),
  cmake: runsCode(
    "--build=> -j|--parallel=? -t|--target= --config= -v|--verbose --clean-first --use-stderr -S=* -B=> -G= -A= -T= -L --version:r --preset= --list-presets --fresh -Wno-dev -Wdev --install=> --prefix=> --component= --strip --open=:u -P=* -E=;:u -D=:u -C=* --toolchain=*",
    "run*",
    build,
  ),
  ctest: runsCode(
    "-V|--verbose -VV --extra-verbose --output-on-failure -j|--parallel=? -R|--tests-regex= -E|--exclude-regex= -L|--label-regex= -LE|--label-exclude= -N|--show-only=? -Q|--quiet --progress --timeout= --repeat= --stop-on-failure --rerun-failed -C|--build-config= --test-dir=@ -I= -U --no-tests= --preset= -O|--output-log=> --output-junit=> --version:r -S=* -SP=* -D=:u --build-and-test=2:u",
    "word*",
    build,
  ),
  ninja: runsCode("-v|--verbose -j= -k= -l= -n -d= -t=:u -C=@ -f=* -w= --quiet --version:r", "word*", {
    ...file,
    names: "all",
  }),
  ...each(
    "java javac javaw jshell mono ant sbt mill lein bazel bazelisk buck buck2 pants meson scons waf protoc buf govulncheck configure autoconf autoreconf automake rails rebar3 stack cabal ghc dune opam nix nix-build nix-shell devbox flutter dart xcodebuild xcrun pod fastlane tuist composer artisan sphinx-build mkdocs",
    runsCode("-version|--version:r", "word*", { ...build, open: true }),
  ),
  rustc: runsCode("-V|--version:r", "word*", { ...build, open: true }),
  ...each(
    "gcc g++ cc c++ clang clang++ ld swc esbuild rollup rolldown webpack vite parcel turbo nx lerna rush next nuxt astro remix svelte-kit ng vue-cli-service storybook playwright cypress typedoc wrangler vercel netlify",
    runsCode("--version:r", "word*", { ...build, open: true }),
  ),
  xmllint: reads("--format --noout --recover --nonet --xpath= --pretty= --nowarning --huge", "read*"),
  ...each("nm objdump size readelf", runsCode("", "read*", { open: true, why: "looks into a binary" })),
};
