/**
 * Test runners, linters, type checkers and formatters. All of them run the project's code or settings that name code,
 * so their options are listed: one that is not, or that takes code or settings from elsewhere, is not known.
 */
import { each, type Knowledge, type Programs, reads, runsCode, unknown, writes } from "./knowledge.js";

const test = { why: "runs the project's tests", obeys: "code" } as const;
const lint = { why: "a linter runs what the project configures", obeys: "code" } as const;
const format = { why: "a formatter runs what the project configures", obeys: "code" } as const;
const build = { why: "builds or tests the project, running its code", obeys: "code" } as const;

const HELP = "-h|--help:r --version:r --color=? --no-color";

const JEST =
  "--watch --watchAll=? --ci --coverage=? --collectCoverage --verbose=? --silent=? -i|--runInBand -t|--testNamePattern= --testPathPattern= --testPathPatterns= --testPathIgnorePatterns= -u|--updateSnapshot -b|--bail=? -o|--onlyChanged --onlyFailures -f --lastCommit --changedSince= --findRelatedTests --passWithNoTests --no-cache --cache=? --colors --no-coverage --clearCache --detectOpenHandles --detectLeaks --forceExit -w|--maxWorkers= --maxConcurrency= --workerThreads --testTimeout= --json --outputFile=> --listTests --showConfig -e|--expand --notify --logHeapUsage --errorOnDeprecated --selectProjects= --ignoreProjects= --noStackTrace --randomize --seed= --shard= --coverageDirectory=> --collectCoverageFrom= --coverageReporters=w --coverageProvider=w --coverageThreshold= --reporters=w --env|--testEnvironment=w --runTestsByPath --useStderr --debug --no-watchman --watchman=? -c|--config=* --rootDir=* --roots=* --projects=* --setupFiles=* --setupFilesAfterEnv=* --globalSetup=* --testMatch= --testRegex=";
const VITEST =
  "-r|--root=* -c|--config=* -u|--update -w|--watch=? -t|--testNamePattern= --dir=* --silent=? --hideSkippedTests --reporter=w --outputFile=> --coverage=? --coverage.enabled=? --coverage.reporter=w --coverage.provider=w --coverage.include= --coverage.exclude= --coverage.all=? --mode= --isolate=? --no-isolate --globals --dom --pool=w --file-parallelism=? --fileParallelism=? --no-file-parallelism --maxWorkers= --minWorkers= --environment=w --passWithNoTests --logHeapUsage --allowOnly --dangerouslyIgnoreUnhandledErrors --shard= --changed=? --testTimeout= --hookTimeout= --bail= --retry= --exclude= --expandSnapshotDiff --disableConsoleIntercept --typecheck=? --typecheck.only --project= --slowTestThreshold= --teardownTimeout= --maxConcurrency= --run --no-watch --clearScreen=? --no-coverage --cache=? --sequence.shuffle=? --sequence.seed= --json --includeTaskLocation -v:r";
const PYTEST =
  "-v|--verbose -vv -q|--quiet -s -x|--exitfirst -l|--showlocals -k= -m= --maxfail= --lf|--last-failed --ff|--failed-first --nf|--new-first --sw|--stepwise --stepwise-skip --co|--collect-only --tb= --durations= --durations-min= --no-header --no-summary -r= --show-capture= --capture= --cov=? --cov-report=w --cov-fail-under= --cov-append --cov-branch --no-cov --cov-config=* -n|--numprocesses= --dist=w --maxprocesses= -W|--pythonwarnings=w --import-mode= --asyncio-mode= --timeout= --timeout-method= --reruns= --reruns-delay= --randomly-seed= --randomly-dont-reorganize --snapshot-update --doctest-modules --doctest-glob= --ignore=< --ignore-glob= --deselect= --setup-show --fixtures --markers --strict-markers --strict-config --strict --disable-warnings --disable-pytest-warnings --benchmark-only --benchmark-skip --benchmark-disable --forked --full-trace --cache-clear --cache-show=? --runslow --run-slow --log-level= --log-cli-level= --log-cli --junitxml|--junit-xml=> --basetemp=:u --log-file=> -c|--config-file=* --rootdir=* --confcutdir=* --pdb:u -p=:u -o|--override-ini=:u -V:r --failed-first --hypothesis-seed= --hypothesis-show-statistics --ds=w --reuse-db --create-db --noconftest --keep-duplicates -e= --pastebin=:u --trace:u";
const ESLINT =
  "--fix:e --fix-dry-run --fix-type= --ext= --max-warnings= --quiet --cache --cache-location=> --cache-file=> --cache-strategy= -f|--format=w -o|--output-file=> --no-eslintrc --no-config-lookup --env= --global= --rule= --ignore-pattern= --ignore-path=< --no-ignore --no-inline-config --report-unused-disable-directives=? --report-unused-disable-directives-severity= --report-unused-inline-configs= --debug --stdin --stdin-filename= --no-error-on-unmatched-pattern --no-warn-ignored --pass-on-no-patterns --print-config=* --stats --flag= --concurrency= --exit-on-fatal-error --env-info -v:r -c|--config=* --rulesdir=* --plugin=w --parser=w --parser-options= --resolve-plugins-relative-to=* --init:u";
const PRETTIER =
  "-w|--write:e -c|--check -l|--list-different --config=* --no-config --config-precedence= --ignore-path=< --plugin=* --plugin-search-dir=* --parser=w --stdin-filepath= --log-level= --loglevel= --cache --cache-location=> --cache-strategy= --no-editorconfig -u|--ignore-unknown --no-error-on-unmatched-pattern --with-node-modules --find-config-path=* --support-info --file-info=* --print-width= --tab-width= --use-tabs --no-semi --semi --single-quote --jsx-single-quote --quote-props= --trailing-comma= --no-bracket-spacing --bracket-same-line --arrow-parens= --prose-wrap= --end-of-line= --html-whitespace-sensitivity= --single-attribute-per-line --embedded-language-formatting=";
const BIOME =
  "--write:e --fix:e --unsafe --apply:e --apply-unsafe:e --staged --changed --since= --max-diagnostics= --diagnostic-level= --skip-errors --no-errors-on-unmatched --error-on-warnings --verbose --files-ignore-unknown= --files-max-size= --formatter-enabled= --linter-enabled= --assist-enabled= --only= --skip= --rule= --reporter= --log-level= --log-kind= --stdin-file-path= --use-server --config-path=* --vcs-enabled= --vcs-use-ignore-file= --indent-style= --indent-width= --line-width= --colors=?";
const TSC =
  "-noEmit|--noEmit=? --skipLibCheck=? --pretty=? -p|--project=* -b|--build -w|--watch -i|--incremental=? --strict=? -t|--target= -m|--module= --moduleResolution= --lib= --jsx= --esModuleInterop=? --allowJs=? --checkJs=? -d|--declaration=? --declarationMap=? --emitDeclarationOnly=? --outDir=> --outFile=> --declarationDir=> --rootDir=< --rootDirs= --baseUrl=< --types= --typeRoots=< --resolveJsonModule=? --listFiles --listFilesOnly --listEmittedFiles --explainFiles --traceResolution --diagnostics --extendedDiagnostics --generateTrace=> --generateCpuProfile=> --showConfig --noErrorTruncation --noImplicitAny=? --noUnusedLocals=? --noUnusedParameters=? --noImplicitReturns=? --noFallthroughCasesInSwitch=? --isolatedModules=? -f|--force --dry --clean:w -v|--verbose --sourceMap=? --inlineSourceMap --removeComments --tsBuildInfoFile=> --composite=? --exactOptionalPropertyTypes=? --noUncheckedIndexedAccess=? --strictNullChecks=? --allowImportingTsExtensions=? --customConditions= --preserveWatchOutput --verbatimModuleSyntax=? --allowSyntheticDefaultImports=? --noEmitOnError=? --forceConsistentCasingInFileNames=? --experimentalDecorators=? --downlevelIteration=? --useDefineForClassFields=? --all --stopBuildOnErrors --noCheck --ignoreConfig --init:w";
const MYPY =
  "-v|--verbose --strict --ignore-missing-imports --follow-imports= --no-error-summary --show-error-codes --hide-error-codes --show-error-context --show-column-numbers --show-error-end --pretty --no-pretty --no-color-output --python-version= --platform= --namespace-packages --explicit-package-bases -p|--package= -m|--module= -c= --exclude= --install-types:n --non-interactive --no-incremental --cache-dir=> --check-untyped-defs --disallow-untyped-defs --disallow-any-generics --warn-unused-ignores --warn-return-any --warn-unreachable --warn-redundant-casts --no-strict-optional --strict-optional --strict-equality --no-implicit-optional --implicit-reexport --no-implicit-reexport --allow-untyped-defs --disable-error-code= --enable-error-code= --no-site-packages --scripts-are-modules --txt-report=> --html-report=> --any-exprs-report=> --junit-xml=> --output= --no-warn-no-return --config-file=* --python-executable=! --custom-typeshed-dir=* --shadow-file=2< -V:r --sqlite-cache --skip-version-check --allow-redefinition --warn-unused-configs --disallow-incomplete-defs";
const RUFF =
  "-q|--quiet -v|--verbose -s|--silent --fix:e --unsafe-fixes --no-unsafe-fixes --no-fix --fix-only:e --diff -w|--watch --show-fixes --show-files --show-settings --select= --ignore= --extend-select= --extend-ignore= --per-file-ignores= --exclude= --extend-exclude= --force-exclude --respect-gitignore --no-respect-gitignore --output-format= -o|--output-file=> --target-version= --line-length= --preview --no-preview --isolated --no-cache -n --cache-dir=> --stdin-filename= --statistics -e|--exit-zero --exit-non-zero-on-fix --add-noqa:e --config=* --extension= --range= --fixable= --unfixable=";
const ruff = (effect: Knowledge): Knowledge => ({ ...effect, why: "checks the project", obeys: "code" });

const GOLANGCI_RUN =
  "-v|--verbose --fix=?:w --timeout= --new=? --new-from-rev= --new-from-patch=< --new-from-merge-base= --whole-files --max-issues-per-linter= --max-same-issues= --issues-exit-code= --tests=? --build-tags= --disable-all --enable-all --enable-only= --default= -E|--enable= -D|--disable= -p|--presets= --fast --fast-only --no-config --out-format=w --print-issued-lines=? --print-linter-name=? --sort-results=? --show-stats=? --modules-download-mode= -j|--concurrency= --allow-parallel-runners --allow-serial-runners --skip-dirs= --skip-files= -e|--exclude= --exclude-use-default=? --go= --uniq-by-line=? --path-prefix= --path-mode= -c|--config=* --cpu-profile-path=> --mem-profile-path=> --trace-path=> --debug --json -N --relative-path-mode=";

export const CHECKERS: Programs = {
  jest: runsCode(`${JEST} -v:r ${HELP}`, "run*", test),
  vitest: runsCode(`${VITEST} ${HELP}`, "run*", {
    ...test,
    subcommands: {
      ...each("run watch dev related bench list typecheck", runsCode(`${VITEST} ${HELP}`, "run*", test)),
      init: unknown(),
      "*": runsCode(`${VITEST} ${HELP}`, "run*", test),
    },
  }),
  mocha: runsCode(
    `-g|--grep= -f|--fgrep= -i|--invert -R|--reporter=w -O|--reporter-option|--reporter-options=w -t|--timeout= -s|--slow= -u|--ui=w -b|--bail -c -C -w|--watch --recursive --exit --parallel -j|--jobs= --retries= --check-leaks --forbid-only --forbid-pending --full-trace --inline-diffs --dry-run --sort --extension= --ignore|--exclude= --spec=* -r|--require=* --file=* --config=* --package=* -A|--async-only --allow-uncaught --diff --no-diff --import=* --loader=* -n|--node-option=:u -V:r ${HELP}`,
    "run*",
    test,
  ),
  ava: runsCode(
    `-m|--match= -v|--verbose -t|--tap -s|--serial -w|--watch -T|--timeout= -c|--concurrency= --fail-fast -u|--update-snapshots --no-worker-threads --node-arguments=:u --config=* ${HELP}`,
    "run*",
    test,
  ),
  ...each("pytest py.test", runsCode(`${PYTEST} ${HELP}`, "run*", test)),
  rspec: runsCode(
    `-f|--format=w -o|--out=> -e|--example= -E|--example-matches= -t|--tag= -P|--pattern= --exclude-pattern= -b|--backtrace -n|--next-failure --only-failures --fail-fast=? --no-fail-fast -p|--profile=? --no-profile -w|--warnings --seed= --order= --bisect=? --dry-run -d --failure-exit-code= -v:r --deprecation-out=> -I=* -r|--require=* -O|--options=* --default-path=* --init:w ${HELP}`,
    "run*",
    test,
  ),
  phpunit: runsCode(
    `--filter= --exclude-filter= --testsuite= --exclude-testsuite= --group= --exclude-group= --list-tests --list-suites --list-groups --testdox --stop-on-failure --stop-on-error --stop-on-defect --stop-on-warning --fail-on-warning --fail-on-risky --order-by= --random-order --random-order-seed= -v|--verbose --debug --teamcity --no-progress --no-results --no-output --no-coverage --coverage-text=? --coverage-html=> --coverage-clover=> --coverage-xml=> --log-junit=> --testdox-html=> --testdox-text=> --cache-directory=> --cache-result-file=> --columns= --process-isolation --repeat= --display-deprecations --display-warnings --display-notices --display-errors --do-not-cache-result --no-configuration -c|--configuration=* --bootstrap=* --include-path=* --prepend=* --extension=w --printer=w -d=:u ${HELP}`,
    "run*",
    test,
  ),

  eslint: runsCode(`${ESLINT} ${HELP}`, "read*", lint),
  stylelint: runsCode(
    `--fix=?:e -q|--quiet --max-warnings= --mw= -f|--formatter=w --allow-empty-input --aei --cache --cache-location=> --cache-strategy= --ignore-path|-i=< --ignore-pattern|--ip= --ignore-disables|--id --no-color --output-file|-o=> --report-needless-disables|--rd --report-invalid-scope-disables|--risd --report-descriptionless-disables|--rdd --stdin --stdin-filename= --config|-c=* --config-basedir=* --custom-formatter=* --custom-syntax=* --print-config --globby-options= -v:r --compute-edit-info ${HELP}`,
    "read*",
    lint,
  ),
  oxlint: runsCode(
    `--fix:e --fix-suggestions:e --fix-dangerously:e -A|--allow= -W|--warn= -D|--deny= -f|--format=w --quiet --deny-warnings --max-warnings= --silent --threads= --ignore-path=< --ignore-pattern= --no-ignore --import-plugin --react-plugin --jsx-a11y-plugin --vitest-plugin --jest-plugin --nextjs-plugin --promise-plugin --node-plugin --vue-plugin --type-aware --rules --print-config -c|--config=* --tsconfig=* --init:w -V:r ${HELP}`,
    "read*",
    lint,
  ),
  biome: runsCode(HELP, "word*", {
    ...lint,
    subcommands: {
      ...each("check lint format ci", runsCode(`${BIOME} ${HELP}`, "read*", lint)),
      ...each("version rage explain", reads(BIOME, "word*")),
      "*": unknown(),
    },
  }),
  tsc: runsCode(`${TSC} -h|--help:r --version:r`, "run*", { why: "compiles the project" }),
  pyright: runsCode(
    `-p|--project=* --outputjson --verbose --stats --warnings --level= --threads=? -w|--watch --pythonversion= --pythonplatform= --pythonpath=! -v|--venvpath=* -t|--typeshedpath=* --dependencies --skipunannotated --ignoreexternal --verifytypes= --createstub=:w ${HELP}`,
    "read*",
    lint,
  ),
  mypy: runsCode(`${MYPY} ${HELP}`, "run*", lint),
  pylint: runsCode(
    `--disable|-d= --enable|-e= --errors-only|-E --reports|-r= --score|-s= --output-format|-f=w --msg-template= --jobs|-j= --max-line-length= --recursive= --ignore= --ignore-patterns= --ignore-paths= --fail-under= --fail-on= --exit-zero --verbose|-v --list-msgs|-l --list-enabled --py-version= --max-args= --good-names= --generated-members= --extension-pkg-allow-list= --source-roots=< --confidence= --from-stdin --persistent= --clear-cache-post-run= --rcfile=* --load-plugins=:u --init-hook=:u --output=> ${HELP}`,
    "run*",
    lint,
  ),
  flake8: runsCode(
    `-v|--verbose -q|--quiet --exclude= --extend-exclude= --filename= --format=w --select= --extend-select= --ignore= --extend-ignore= --per-file-ignores= --max-line-length= --max-doc-length= --max-complexity= --indent-size= --show-source --no-show-source --statistics --count --exit-zero -j|--jobs= --tee --disable-noqa --doctests --hang-closing --output-file=> --benchmark --bug-report --config=* --append-config=* --isolated --enable-extensions= --stdin-display-name= ${HELP}`,
    "read*",
    lint,
  ),
  ruff: runsCode(HELP, "word*", {
    why: "checks the project",
    obeys: "code",
    subcommands: {
      check: ruff(runsCode(`${RUFF} ${HELP}`, "read*")),
      format: ruff(writes(`${RUFF} --check:r --docstring-code ${HELP}`, "edit*=.")),
      ...each("rule linter config version", reads("--output-format= --all", "word*")),
      clean: writes("", "word*+."),
      "*": unknown(),
    },
  }),
  "golangci-lint": runsCode(`${GOLANGCI_RUN} ${HELP}`, "word*", {
    ...lint,
    subcommands: {
      run: runsCode(`${GOLANGCI_RUN} ${HELP}`, "read*+.", lint),
      fmt: runsCode(`${GOLANGCI_RUN} -d|--diff --stdin ${HELP}`, "edit*=.", lint),
      ...each("linters formatters version help", reads(`${GOLANGCI_RUN} --short --format= ${HELP}`, "word*")),
      config: reads(`${GOLANGCI_RUN} ${HELP}`, "word*"),
      cache: reads("", "word", { subcommands: { status: reads("", "word*"), clean: runsCode("", "word*", lint) } }),
      "*": unknown(),
    },
  }),
  staticcheck: runsCode(
    "-checks= -f= -fail= -go= -tests=? -tags= -explain= -list-checks -show-ignored -matrix -merge -version:r -debug.version:r",
    "read*",
    { ...lint, style: "long" },
  ),
  shellcheck: reads(
    "-a|--check-sourced -C|--color=? -i|--include= -e|--exclude= -f|--format=w --list-optional -o|--enable= -P|--source-path=< -s|--shell= -S|--severity= -W|--wiki-link-count= -x|--external-sources --norc --rcfile=< --extended-analysis= -V:r --version:r",
    "read*",
  ),
  hadolint: reads(
    "-f|--format=w -t|--failure-threshold= --no-fail --no-color --ignore= --error= --warning= --info= --style= --trusted-registry= -c|--config=< -V|--verbose --strict-labels --disable-ignore-pragma -v:r",
    "read*",
  ),
  yamllint: reads(
    "-f|--format= -d|--config-data= -c|--config-file=< -s|--strict --no-warnings --list-files -v:r",
    "read*",
  ),
  actionlint: runsCode(
    "-format= -ignore= -no-color -color -oneline -verbose -debug -version:r -config-file=* -stdin-filename= -shellcheck=! -pyflakes=!",
    "read*",
    { ...lint, style: "long" },
  ),
  ...each(
    "markdownlint markdownlint-cli2",
    runsCode(
      `-f|--fix:e -c|--config=* -i|--ignore= -q|--quiet -j|--json -o|--output=> -r|--rules=* --enable= --disable= -d|--dot ${HELP}`,
      "read*",
      lint,
    ),
  ),
  rubocop: runsCode(
    `-a|--autocorrect:e -A|--autocorrect-all:e -x|--fix-layout:e -f|--format=w -o|--out=> --only= --except= -l|--lint --fail-level= -F|--fail-fast -D|--display-cop-names -S|--display-style-guide -E|--extra-details -P|--parallel --no-parallel --cache= --cache-root=> --show-cops=? -L|--list-target-files --force-exclusion --safe -q -d|--debug -v:r -V:r -c|--config=* -r|--require=* --plugin=w --server --no-server ${HELP}`,
    "read*",
    lint,
  ),
  knip: runsCode(
    `--production --strict --include= --exclude= --dependencies --exports --files --include-entry-exports --no-progress --no-exit-code --max-issues= --reporter=w --reporter-options= --fix:w --fix-type= --allow-remove-files:u --cache --cache-location=> -W|--workspace= --debug -d --trace --trace-file= --trace-export= --no-config-hints --treat-config-hints-as-errors --performance --tags= --no-gitignore -n -c|--config=* -t|--tsConfig=* --directory=@ --preprocessor=* --preprocessor-options= -V:r ${HELP}`,
    "word*",
    { ...lint },
  ),

  prettier: runsCode(`${PRETTIER} ${HELP}`, "read*", format),
  black: runsCode(
    `--check --diff --fast --safe -q|--quiet -v|--verbose -l|--line-length= -t|--target-version= --pyi --ipynb -S|--skip-string-normalization -C|--skip-magic-trailing-comma --preview --unstable --enable-unstable-feature= -W|--workers= --include= --exclude= --extend-exclude= --force-exclude= --stdin-filename= --line-ranges= --required-version= --no-cache -c|--code= --config=* -x|--skip-source-first-line ${HELP}`,
    "edit*",
    format,
  ),
  isort: runsCode(
    `-c|--check|--check-only --df|--diff -q|--quiet -v|--verbose --profile= -l|--line-length= --sp|--settings-path|--settings-file=* --sg|--skip-glob= -s|--skip= --gitignore --fss|--force-sort-within-sections --sl|--force-single-line-imports -p|--project= -o|--thirdparty= --src|--src-path=< --only-modified --float-to-top --stdout -j|--jobs= --ac|--atomic --filter-files ${HELP}`,
    "edit*",
    format,
  ),
  ...each(
    "gofumpt goimports",
    runsCode(
      "-d -e -l -w:e -extra -local= -srcdir=< -lang= -modpath= -v -cpuprofile=> -memprofile=> -trace=>",
      "read*",
      { ...format, style: "long" },
    ),
  ),
  rustfmt: runsCode(
    `--check --edition= --emit= -l|--files-with-diff -q|--quiet -v|--verbose --backup --style-edition= --print-config=2:u --config=w --config-path=* -V:r ${HELP}`,
    "edit*",
    format,
  ),
  shfmt: reads(
    "-l|--list -w|--write:e -d|--diff -s|--simplify -i|--indent= -bn|--binary-next-line -ci|--case-indent -sr -kp -fn -ln|--language-dialect= -p -f|--find --filename= -mn|--minify",
    "read*",
    { style: "long" },
  ),
  "clang-format": runsCode(
    `-i:e --dry-run -n --Werror --style|-style=w --fallback-style= --assume-filename= --verbose --lines= --offset= --length= --sort-includes --files=<:u ${HELP}`,
    "read*",
    format,
  ),
  stylua: runsCode(
    `--check -c --verbose --allow-hidden -g|--glob= --respect-ignores --stdin-filepath= -f|--config-path=* -s|--search-parent-directories --verify -V:r ${HELP}`,
    "edit*",
    format,
  ),
  taplo: runsCode(HELP, "word*", { ...format, open: true }),
  ...each("autopep8 yapf dprint", runsCode("", "word*", { ...format, open: true })),
  ...each(
    "xo standard tslint gosec revive markdownlint-cli markuplint semgrep bandit vulture clang-tidy cppcheck swiftlint ktlint detekt hk lefthook husky pre-commit tap c8 nyc publint madge depcheck tox nox unittest coverage behave",
    runsCode("", "word*", { ...build, open: true }),
  ),
};
