/**
 * git. Reading subcommands are proven option by option: several write files or start programs (`--output`,
 * `--ext-diff`, `--upload-pack`). What runs the repository's hooks runs code; settings name programs, so changing them
 * is not known to be harmless.
 */
import { each, type Knowledge, network, type Programs, reads, runsCode, unknown, writes } from "./knowledge.js";

const DIFF =
  "-p|-u|--patch -s|--no-patch -U|--unified= --raw --patch-with-raw --patch-with-stat --indent-heuristic --no-indent-heuristic --minimal --patience --histogram --anchored= --diff-algorithm= --stat=? --stat-width= --stat-count= --compact-summary --numstat --shortstat -X=? --dirstat=? --cumulative --summary -z --name-only --name-status --submodule=? --color=? --no-color --color-moved=? --no-color-moved --color-moved-ws= --word-diff=? --word-diff-regex= --color-words=? --no-renames --rename-empty --check --ws-error-highlight= --full-index --binary --abbrev=? -B=? -M=? --find-renames=? -C=? --find-copies=? --find-copies-harder -D --irreversible-delete -l= --diff-filter= -S= -G= --find-object= --pickaxe-all --pickaxe-regex -R --relative=? --no-relative -a|--text --ignore-cr-at-eol --ignore-space-at-eol -b|--ignore-space-change -w|--ignore-all-space --ignore-blank-lines -I= --inter-hunk-context= -W|--function-context --exit-code --quiet --no-ext-diff --no-textconv --ignore-submodules=? --src-prefix= --dst-prefix= --no-prefix --default-prefix --line-prefix= --ita-invisible-in-index --ita-visible-in-index --merge-base --cached --staged --no-index -1 -2 -3 -0 --base --ours --theirs -c --cc --combined-all-paths -m --diff-merges= --no-diff-merges --dd --remerge-diff -t -O=< " +
  "--output=> --ext-diff:u --textconv:u --output-indicator-new= --output-indicator-old= --output-indicator-context=";

const LOG =
  "-# -r -n|--max-count= --skip= --since= --after= --until= --before= --author= --committer= --grep= --grep-reflog= --all-match --invert-grep -i|--regexp-ignore-case --basic-regexp -E|--extended-regexp -F|--fixed-strings -P|--perl-regexp --remove-empty --merges --no-merges --min-parents= --max-parents= --first-parent --exclude-first-parent-only --not --all --branches=? --tags=? --remotes=? --glob= --exclude= --exclude-hidden= --reflog --alternate-refs --bisect --cherry-mark --cherry-pick --left-only --right-only --cherry -g|--walk-reflogs --merge --boundary --simplify-by-decoration --show-pulls --full-history --dense --sparse --simplify-merges --ancestry-path=? --date-order --author-date-order --topo-order --reverse --no-walk=? --do-walk --pretty=? --format= --abbrev-commit --no-abbrev-commit --oneline --encoding= --expand-tabs=? --no-expand-tabs --notes=? --no-notes --show-signature:u --relative-date --date= --parents --children --left-right --graph --no-graph --show-linear-break=? --follow --no-decorate --decorate=? --decorate-refs= --decorate-refs-exclude= --source --log-size -L=r --no-mailmap --mailmap --use-mailmap --count --objects --stdin --since-as-filter= --clear-decorations --summary -q --shortstat";

/** The repository it works in; named only when it is another folder than the one in force. */
const REFS = "revision*+.";

const GIT_OPTIONS =
  "-C=@ --git-dir=:u --work-tree=@ --namespace= -p|--paginate:u -P|--no-pager --no-replace-objects --bare --no-optional-locks --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-lazy-fetch --no-advice -v|--version:r -h|--help --html-path --man-path --info-path -c=:u --config-env=:u --exec-path=?:u --attr-source= --super-prefix= --list-cmds=";

const show = reads(`${DIFF} ${LOG}`, REFS, { looks: { below: "--no-index" } });
const local = { why: "changes the repository" } as const;
const hooks = { why: "runs the repository's hooks" } as const;
const remote = { why: "reaches another repository" } as const;
/** Changes of the repository or the working tree: from the folder in force. */
const tree = "revision*+.";

const config: Knowledge = reads(
  "--get:r --get-all:r --get-regexp:r --get-urlmatch:r -l|--list:r --name-only --show-origin --show-scope -z|--null --global --system --local --worktree -f|--file=< --blob=r --type= --bool --int --path --includes --no-includes --default= --all --value= --regexp --url= --get-color:r --get-colorbool:r",
  "word word*",
  {
    obeys: "nothing",
    subcommands: {
      list: reads(
        "--name-only --show-origin --show-scope -z|--null --global --system --local --worktree --includes",
        "word*",
      ),
      get: reads(
        "--all --value= --regexp --url= --show-origin --show-scope --global --system --local --worktree --type= --default=",
        "word*",
      ),
      ...each(
        "set unset rename-section remove-section edit",
        unknown("", "word*", { why: "git settings can name programs to run", open: true }),
      ),
      ...each(
        "user.name user.email init.defaultBranch commit.gpgsign core.autocrlf core.ignorecase color.ui pull.rebase push.default gc.auto advice.detachedHead",
        reads("--type= --bool --int --default= --show-origin --show-scope", "word*", { withOperands: "writes" }),
      ),
      // `git config user.name`: one word reads the setting, a second one sets it.
      "*": reads("--type= --bool --int --path --default= --show-origin --show-scope", "other*", {
        why: "git settings can name programs to run",
      }),
    },
  },
);

export const GIT: Programs = {
  // Settings of the repository it works in name programs: its monitor of files, its filters, its differ.
  git: unknown(GIT_OPTIONS, "word*", {
    obeys: "settings",
    subcommands: {
      ...each("log show diff whatchanged rev-list diff-tree diff-index diff-files", show),
      reflog: reads(`${DIFF} ${LOG}`, REFS, {
        subcommands: {
          ...each("show list exists", show),
          ...each("expire delete drop", writes("", tree, { ...local, open: true })),
          "*": show,
        },
      }),
      status: reads(
        "-s|--short -b|--branch --show-stash --porcelain=? --long -v|--verbose -u|--untracked-files=? --ignore-submodules=? --ignored=? -z --column=? --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames=?",
        REFS,
      ),
      "rev-parse": reads(
        "--verify -q|--quiet --short=? --abbrev-ref=? --symbolic --symbolic-full-name --all --branches=? --tags=? --remotes=? --show-toplevel --show-prefix --show-cdup --git-dir --git-common-dir --git-path= --absolute-git-dir --is-inside-git-dir --is-inside-work-tree --is-bare-repository --is-shallow-repository --show-superproject-working-tree --show-object-format=? --show-ref-format --path-format= --revs-only --no-revs --flags --no-flags --default= --not --sq --since= --after= --until= --before= --disambiguate= --shared-index-path --local-env-vars",
        REFS,
      ),
      "merge-base": reads("-a|--all --octopus --is-ancestor --independent --fork-point", REFS),
      "ls-files": reads(
        "-c|--cached -d|--deleted -m|--modified -o|--others -i|--ignored -s|--stage -u|--unmerged -k|--killed -z -v -f -t -x|--exclude= -X|--exclude-from=< --exclude-standard --exclude-per-directory= --error-unmatch --full-name --directory --no-empty-directory --recurse-submodules --abbrev=? --debug --deduplicate --eol --format= --sparse --with-tree=",
        REFS,
      ),
      "ls-tree": reads(
        "-d -r -t -l|--long -z --name-only --name-status --object-only --full-name --full-tree --abbrev=? --format=",
        REFS,
      ),
      "cat-file": reads(
        "-t -s -e -p --batch=? --batch-check=? --batch-command=? --batch-all-objects --buffer --follow-symlinks --allow-unknown-type --unordered -z",
        REFS,
      ),
      "show-ref": reads(
        "--head --heads --branches --tags -d|--dereference -s|--hash=? --verify --exists --abbrev=? -q|--quiet",
        REFS,
      ),
      "for-each-ref": reads(
        "--count= --shell --perl --python --tcl --format= --color=? --sort= --points-at= --merged=? --no-merged=? --contains=? --no-contains=? --ignore-case --omit-empty --exclude= --stdin",
        REFS,
      ),
      ...each(
        "name-rev describe shortlog",
        reads(
          "-[nsecwg] -# --tags --all --long --always --abbrev=? --match= --exclude= --dirty=? --broken=? --contains --candidates= --exact-match --first-parent --name-only --refs= --summary --numbered --email --group= --since= --until= --no-merges",
          REFS,
        ),
      ),
      blame: reads(
        "-[bcCefklMnpstw] -L= --date= --root --show-stats --reverse --porcelain --line-porcelain --incremental --encoding= --contents=< --color-lines --color-by-age --ignore-rev= --ignore-revs-file=< --since= --abbrev= --show-email --show-name --show-number",
        REFS,
      ),
      annotate: reads("-[bcCefklMnpstw] -L=", REFS),
      grep: reads(
        "-[acEFGHhiIlLnoPpqrsvwWxz] -# -e= -f=< -A|--after-context= -B|--before-context= -C|--context= -m|--max-count= --max-depth= --cached --no-index --untracked --no-exclude-standard --exclude-standard --recurse-submodules --count --text --ignore-case --word-regexp --invert-match --full-name --line-number --column --files-with-matches --name-only --files-without-match --only-matching --all-match --quiet --heading --break --show-function --function-context --threads= --and --or --not --color=? --no-color --extended-regexp --basic-regexp --perl-regexp --fixed-strings --no-textconv -O:u --open-files-in-pager=?:u --textconv:u --ext-grep:u",
        REFS,
        { looks: { below: "--no-index" } },
      ),
      "check-ignore": reads("-q -v -n -z --quiet --verbose --stdin --non-matching --no-index", "word*"),
      "check-attr": reads("-a -z --all --cached --stdin", "word*"),
      "check-ref-format": reads("--branch --normalize --allow-onelevel --no-allow-onelevel --refspec-pattern", "word*"),
      ...each(
        "count-objects fsck",
        reads(
          "-v -H --verbose --human-readable --full --unreachable --dangling --no-dangling --connectivity-only --no-progress --root --tags --cache --no-reflogs --strict",
          REFS,
        ),
      ),
      "symbolic-ref": reads("--short -q|--quiet --recurse --no-recurse", "word other*"),
      "hash-object": reads("--stdin -t= --path= --no-filters", "read*"),
      ...each("var version", reads("-l --build-options", "word*")),
      ...each(
        "cherry range-diff patch-id merge-tree get-tar-commit-id stripspace column interpret-trailers",
        reads(
          `${DIFF} --write-tree --name-only --messages --stable --unstable --verbatim -v --verbose --creation-factor= --only-trailers --parse --trailer= -s`,
          REFS,
        ),
      ),
      "ls-remote": network(
        "-[hqt] --heads --branches --tags --refs --quiet --exit-code --get-url --sort= --symref -o|--server-option= --upload-pack|--exec=!",
        "remote*",
        remote,
      ),
      branch: reads(
        "-a|--all -r|--remotes -v|--verbose -q|--quiet --list:r -l:r --show-current:r --contains=?:r --no-contains=?:r --merged=?:r --no-merged=?:r --points-at=:r --sort= --format= --color=? --no-color --column=? --no-column --abbrev=? --no-abbrev -i|--ignore-case -d|--delete:w -D:w -m|--move:w -M:w -c|--copy:w -C:w -f|--force:w -u|--set-upstream-to=:w --unset-upstream:w --track=? -t --no-track --edit-description:u --create-reflog",
        "word*",
        { withOperands: "writes", meaning: "-D" },
      ),
      tag: reads(
        "-l|--list:r -n=?:r --sort=:r --contains=?:r --no-contains=?:r --merged=?:r --no-merged=?:r --points-at=:r --format= --column=? --color=? -i -d|--delete:w -a|--annotate:w -f|--force:w -m|--message=:w -F|--file=<:w -s|--sign:u -u|--local-user=:u -v|--verify:u --cleanup= --create-reflog",
        "word*",
        { withOperands: "writes", meaning: "-d" },
      ),
      remote: reads("-v|--verbose", "word*", {
        subcommands: {
          "get-url": reads("--push --all", "word*"),
          show: network("-n", "word*", remote),
          ...each(
            "add set-url rename remove rm set-head set-branches",
            unknown("", "word*", { open: true, why: "changes which repositories git talks to" }),
          ),
          ...each("prune update", network("-[npv] --dry-run --prune", "word*", remote)),
        },
      }),
      stash: writes(
        "-p -k -u -a -q -m= --keep-index --no-keep-index --include-untracked --all --quiet --message= -S --staged",
        tree,
        {
          ...local,
          subcommands: {
            list: show,
            show,
            ...each(
              "push save",
              writes(
                "-p -k -u -a -q --patch -m|--message= --keep-index --no-keep-index --include-untracked --all --quiet -S --staged --pathspec-from-file=<",
                tree,
                local,
              ),
            ),
            ...each("pop apply branch", writes("-q --quiet --index", tree, local)),
            ...each("drop clear store create", writes("-q --quiet -m=", tree, local)),
          },
        },
      ),
      config,
      worktree: reads("", "word*", {
        subcommands: {
          list: reads("-v -z --verbose --porcelain --expire=", ""),
          add: runsCode(
            "-f|--force -b= -B= -d|--detach --no-checkout --checkout --lock -q --quiet --track --no-track --guess-remote --orphan --reason=",
            "write word*",
            hooks,
          ),
          ...each("remove", writes("-f|--force", "delete", local)),
          ...each("prune lock unlock repair", writes("-[nv] --dry-run --verbose --expire= --reason=", tree, local)),
          move: writes("-f|--force", "delete write", local),
        },
      }),
      submodule: runsCode("-q|--quiet --cached", "word*", {
        subcommands: {
          status: reads("--cached --recursive", "word*"),
          summary: reads("--cached --files -n=", "word*"),
          foreach: { effect: "unknown", options: "-q --quiet --recursive", style: "posix", runs: { as: "joined" } },
          ...each(
            "add update init deinit set-url set-branch sync absorbgitdirs",
            network("", "word*", { open: true, why: "fetches submodules and runs hooks" }),
          ),
        },
      }),
      bisect: runsCode("", "word*", {
        ...hooks,
        subcommands: {
          run: { effect: "runs-code", why: "checks out commits", style: "posix", runs: { as: "argv" } },
          log: reads("", ""),
          // Words name another command of git, or a program.
          ...each("visualize view", unknown("", "word*", { why: "starts a viewer" })),
          ...each(
            "start good bad new old skip reset terms replay next",
            runsCode("--no-checkout --first-parent --term-new= --term-old=", "word*", hooks),
          ),
        },
      }),
      rebase: runsCode(
        "-x|--exec=$ --onto= -i|--interactive:u --continue --abort --skip --quit -q --quiet -v --autosquash --no-autosquash --autostash --no-autostash --rebase-merges=? -m --merge -s|--strategy= -X|--strategy-option= --root --keep-base --fork-point --no-fork-point --update-refs -f --force-rebase --no-verify --edit-todo:u --show-current-patch --committer-date-is-author-date --reset-author-date --empty= --apply --stat -n",
        REFS,
        hooks,
      ),
      ...each(
        "add stage",
        writes(
          "-A|--all -u|--update -n|--dry-run -f|--force -v|--verbose -N|--intent-to-add -p|--patch:u -i|--interactive:u -e|--edit:u --ignore-errors --ignore-missing --refresh --chmod= --renormalize --no-all --sparse --pathspec-from-file=<",
          tree,
          local,
        ),
      ),
      rm: writes("-r -f|--force -n|--dry-run -q|--quiet --cached --ignore-unmatch --sparse", "delete*", {
        meaning: "-r --cached",
      }),
      mv: writes("-f -k -n -v --force --dry-run --verbose", "delete* write"),
      reset: writes(
        "--soft --mixed --hard --merge --keep -q|--quiet -p|--patch:u -N --no-refresh --refresh --pathspec-from-file=<",
        tree,
        { ...local, meaning: "--hard" },
      ),
      restore: writes(
        "-s|--source= -W|--worktree -S|--staged -q|--quiet -p|--patch:u --ours --theirs -m --merge --overlay --no-overlay --ignore-unmerged --progress --pathspec-from-file=<",
        "edit*=.",
        { ...local, meaning: "--staged" },
      ),
      clean: writes("-d -f|--force -n|--dry-run:r -q|--quiet -e|--exclude= -x -X -i|--interactive:u", "delete*=.", {
        ...local,
        meaning: "-f -d -x",
      }),
      ...each(
        "checkout switch",
        runsCode(
          "-q|--quiet -f|--force -b= -B= -c|--create= -C|--force-create= -d|--detach -l -t|--track=? --no-track --guess --no-guess --orphan= --ours --theirs -m|--merge --conflict= -p|--patch:u --progress --no-progress --ignore-skip-worktree-bits --overlay --no-overlay --discard-changes --recurse-submodules=? --pathspec-from-file=< --ignore-other-worktrees",
          REFS,
          { ...hooks, meaning: "-b -c -f" },
        ),
      ),
      commit: runsCode(
        "-a|--all -p|--patch:u -C= -c= --fixup= --squash= --reset-author --short --branch --porcelain --long -z -F|--file=< --author= --date= -m|--message= -t|--template=< -s|--signoff --no-signoff --trailer= -n|--no-verify --verify --allow-empty --allow-empty-message --cleanup= -e|--edit --no-edit --amend --no-post-rewrite -i|--include -o|--only --pathspec-from-file=< -u=? --untracked-files=? -v|--verbose -q|--quiet --dry-run --status --no-status -S|--gpg-sign=? --no-gpg-sign",
        REFS,
        { ...hooks, meaning: "--amend --no-verify" },
      ),
      merge: runsCode(
        "--commit --no-commit -e|--edit --no-edit --ff --no-ff --ff-only -n --stat --no-stat --squash --no-squash -s|--strategy= -X|--strategy-option= -q|--quiet -v -m= -F=< --abort --quit --continue --allow-unrelated-histories --autostash --no-autostash --no-verify --signoff --into-name= --log=? --no-log -S=? --gpg-sign=? --no-gpg-sign --rerere-autoupdate --progress",
        REFS,
        hooks,
      ),
      ...each(
        "cherry-pick revert",
        runsCode(
          "-e|--edit --no-edit -n|--no-commit -x -r -m|--mainline= -s|--signoff -S=? --ff --allow-empty --allow-empty-message --keep-redundant-commits --empty= --strategy= -X= --continue --abort --skip --quit --no-gpg-sign --cleanup=",
          REFS,
          hooks,
        ),
      ),
      am: runsCode("", "read*", { ...hooks, open: true }),
      apply: writes(
        "--stat:r --numstat:r --summary:r --check:r --index --cached -3|--3way -R|--reverse --reject -p= -C= -v --verbose --directory= --exclude= --include= --whitespace= --recount --unidiff-zero --allow-empty --ignore-whitespace",
        "read*+.",
        local,
      ),
      ...each(
        "init",
        writes(
          "-q|--quiet --bare --template=:u --separate-git-dir=> -b|--initial-branch= --shared=? --object-format=",
          "write=.",
          { ...local, obeys: "nothing" },
        ),
      ),
      ...each(
        "update-index update-ref read-tree write-tree commit-tree mktree mktag pack-refs gc prune repack notes rerere sparse-checkout replace maintenance checkout-index",
        unknown("", "word*", { why: "changes the inside of the repository", open: true }),
      ),
      ...each(
        "filter-branch filter-repo fast-import fast-export p4 svn daemon http-backend instaweb difftool mergetool gui citool shell send-email credential hook bugreport archimport cvsimport request-pull upload-pack receive-pack upload-archive remote-ext remote-fd",
        unknown("", "word*", { open: true }),
      ),
      archive: reads(
        "-l --list -v --verbose --format= --prefix= -o|--output=> --add-file=< --worktree-attributes -# --remote=:n --exec=!",
        REFS,
      ),
      "format-patch": writes("-o|--output-directory=>", "word*=.", { ...local, open: true }),
      fetch: network(
        "-# -a|--append --all --atomic --depth= --deepen= --shallow-since= --shallow-exclude= --unshallow --update-shallow --dry-run --porcelain -f|--force -k|--keep --multiple --prefetch -p|--prune -P|--prune-tags -n|--no-tags -t|--tags --refetch --refmap= -j= --jobs= --no-recurse-submodules --recurse-submodules=? --set-upstream -q|--quiet -v|--verbose --progress --no-progress -4 -6 --ipv4 --ipv6 --filter= --no-write-fetch-head --write-fetch-head --auto-gc --no-auto-gc -o|--server-option= --upload-pack=! --stdin",
        "remote word*+.",
        remote,
      ),
      pull: network(
        "-# -r|--rebase=? --no-rebase -q|--quiet -v|--verbose --ff --no-ff --ff-only --commit --no-commit --edit --no-edit --squash -s= -X= --strategy= --strategy-option= --autostash --no-autostash --allow-unrelated-histories --all -p|--prune --depth= --tags -t --no-tags --recurse-submodules=? --no-recurse-submodules --progress --stat -n --no-stat --unshallow --set-upstream -f --force --dry-run --upload-pack=!",
        "remote word*+.",
        remote,
      ),
      push: network(
        "-# --all --branches --prune --mirror -d|--delete --tags --follow-tags --signed=? -n|--dry-run --porcelain -f|--force -q|--quiet -v|--verbose -u|--set-upstream --force-with-lease=? --no-force-with-lease --force-if-includes --no-force-if-includes --atomic --no-atomic -o|--push-option= --repo= --thin --no-thin --progress --no-progress --verify --no-verify --recurse-submodules= -4 -6 --ipv4 --ipv6 --receive-pack|--exec=!",
        "remote word*",
        { why: "sends to another repository", meaning: "--force --delete --force-with-lease" },
      ),
      clone: network(
        "-l|--local -s|--shared -q|--quiet -v|--verbose --progress -n|--no-checkout --bare --mirror -o|--origin= -b|--branch= --depth= --shallow-since= --shallow-exclude= --single-branch --no-single-branch --no-tags --tags --recurse-submodules=? --recursive --shallow-submodules --no-shallow-submodules --remote-submodules --sparse --filter= --reference=< --reference-if-able=< --dissociate -j= --jobs= --no-hardlinks --reject-shallow --no-local -c|--config=:u --template=:u --separate-git-dir=> -u|--upload-pack=! --server-option=",
        "remote write=.",
        { ...remote, obeys: "nothing" },
      ),
      lfs: network("", "word*", { open: true, why: "moves large files" }),
      help: unknown("", "word*", { why: "starts a pager or browser" }),
    },
  }),
};
