/**
 * Which assigned variables can make a program run code, load libraries or go elsewhere. Names are judged by pattern, so
 * that a family is caught before its newest member is known; the few harmless members are listed.
 */

const RISKY = new RegExp(
  `^(?:${[
    // Where programs, libraries, modules and settings are found.
    "path|.*PATH|HOME|XDG_.*|ENV|IFS|SHELL|SHELLOPTS|BASHOPTS|BASH_.*|ZDOTDIR|PS[0-4]|PROMPT.*|.*PRELOAD|LD_.*|DYLD_.*|GLIBC_.*|MALLOC_.*",
    // Programs that others start.
    ".*PAGER|.*EDITOR|VISUAL|.*BROWSER|.*_ASKPASS|.*_COMMAND|.*_CMD|.*_WRAPPER|.*_PROGRAM|.*_HOOK.*|LESS.*|MAN.*|MORE",
    // Options and code read from the environment.
    ".*_?OPTIONS|.*_?OPTS?|.*FLAGS|.*CONFIG.*|NODE_.*|NPM_.*|npm_.*|PYTHON.*|PERL.*|RUBY.*|JAVA.*|_JAVA.*|JDK_.*|CLASSPATH|LUA_.*|R_.*|PHP.*",
    "GIT_.*|GH_.*|SSH_.*|RSYNC_.*|CURL_.*|WGET.*|DOCKER_.*|KUBE.*|AWS_.*|GOOGLE_.*|AZURE_.*|CARGO_.*|RUST.*|GO[A-Z].*|PIP_.*|UV_.*|BUN_.*|DENO_.*|OPENSSL_.*|SSL.*",
    ".*_PROXY|.*_proxy|.*_CA_BUNDLE|TERMINFO.*|HIST.*|MAKE.*|CC|CXX|LD|AR|AS|CLAUDE.*|ANTHROPIC.*|FPATH|fpath|cdpath|MAIL.*|TMPPREFIX|NULLCMD|READNULLCMD|MISE_.*|ASDF_.*|DIRENV_.*",
    // Programs of one language: where their code, settings and helpers are found.
    "BUNDLE_.*|GEM_.*|YARN_.*|PNPM_.*|pnpm_.*|COREPACK_.*|TURBO_.*|NX_.*|TS_NODE_.*|ELECTRON_.*|MIX_.*|ERL_.*|HEX_.*|REBAR.*|GRADLE_.*|MAVEN_.*|M2_.*|ANT_.*|SBT_.*",
    "DOTNET_.*|CORECLR_.*|COR_.*|COMPlus_.*|MSBUILD.*|MSBuild.*|NUGET_.*|SWIFT.*|CMAKE_.*|CTEST_.*|PYTEST_.*|PYLINT.*|COVERAGE_.*|VIRTUAL_ENV|POETRY_.*|PDM_.*|HATCH_.*|PIPENV_.*|TOX.*|COMPOSER.*",
    "BIOME_.*|MVNW_.*|PYENV_.*|RBENV_.*|NODENV_.*|GOENV_.*|JENV_.*|NVM_.*|VOLTA_.*|FNM_.*|CONDA_.*|OPAM.*|NIX_.*|HOMEBREW_.*|RTX_.*|CONTAINER_.*|COMPOSE_.*|BUILDKIT_.*|HELM_.*|GNUPG.*|USERPROFILE|HOMEDRIVE|APPDATA|ProgramData",
    "GLOB.*|SENTRYCLI_.*|.*_(?:BIN|BINARY|EXEC|EXECUTABLE)|FC|CPP|GCC|LEX|YACC|PKG_CONFIG",
    "POSIXLY_CORRECT|TERMCAP|GZIP|UNZIP|ZIPINFO|XZ_.*|TAPE|HOSTALIASES|VIMINIT|EXINIT|INPUTRC|OLDPWD|DIRSTACK",
  ].join("|")})$`,
);

const HARMLESS = new Set(
  (
    "NODE_ENV GIT_TERMINAL_PROMPT GIT_OPTIONAL_LOCKS GIT_MERGE_AUTOEDIT GIT_ADVICE GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE " +
    "GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE GH_PROMPT_DISABLED GH_FORCE_TTY GH_NO_UPDATE_NOTIFIER PYTHONUNBUFFERED " +
    "PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONUTF8 RUST_BACKTRACE RUST_LOG AWS_REGION AWS_DEFAULT_REGION MISE_QUIET CARGO_TERM_COLOR CLAUDE_CODE_SESSION_ID " +
    "GOOS GOARCH GOARM GOAMD64 GO111MODULE GOMAXPROCS GOGC GOMEMLIMIT GOTRACEBACK GORACE CARGO_INCREMENTAL DOTNET_NOLOGO DOTNET_CLI_TELEMETRY_OPTOUT " +
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD MIX_ENV TURBO_TELEMETRY_DISABLED GIT_TRACE2 GOTMPDIR"
  ).split(" "),
);

/** Values that switch a started program off. */
const OFF = /^(?:|cat|true|:|\/bin\/true|\/bin\/cat|0)$/;
const STARTED = /(?:PAGER|EDITOR|VISUAL)$/;

/** Whether assigning `value` (`null`: not known) to `name` may change what programs do. */
export function isRiskyAssignment(name: string, value: string | null): boolean {
  if (!RISKY.test(name) || HARMLESS.has(name)) return false;
  return !(STARTED.test(name) && value !== null && OFF.test(value));
}
