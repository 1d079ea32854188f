/** Command lines of code forges: `gh` and `glab`. Every subcommand reaches the forge; the words say whether it changes anything there. */
import { each, type Knowledge, network, type Programs, reads, unknown } from "./knowledge.js";

const view = "asks the forge" as const;
const change = "changes something at the forge" as const;

const OUT = "-R|--repo=h --json= -q|--jq=% -t|--template= -w|--web:u -h|--help";
const LIST = `${OUT} -L|--limit= -s|--state= -a|--assignee= -A|--author= -B|--base= -H|--head= -S|--search= -l|--label= -m|--milestone= -b|--branch= -c|--commit= -e|--event= -u|--user= --created= --status= --app= --mention= --archived --no-archived --fork --source --language= --topic= --visibility= -d|--draft -o|--order= --sort= --owner= --match= --updated= --merged --merged-at= --involves= --commenter= --workflow= --all --public --secret --extension= --filename= --size= -x|--exclude-drafts --exclude-pre-releases -i -k|--key= -r|--ref= --order= --env= -e= --org=`;
const READ = `${OUT} -c|--comments --log --log-failed --exit-status -v|--verbose -j|--job= -a|--attempt= --name-only --patch --color= --required --watch -i|--interval= --fail-fast --show-token:u --yaml --ref= -r= -b= --active --conflict-status`;

const look = network(READ, "forge*", { why: view, check: "query" });
const list = network(LIST, "forge*", { why: view, check: "query" });
const act = network("", "word*", { why: change, open: true });
const local = { effect: "network", why: "fetches from the forge and changes the working tree", open: true } as const;

const group = (looks: string, lists: string, acts: string, more: Programs = {}): Knowledge => ({
  effect: "reads",
  subcommands: { ...each(looks, look), ...each(lists, list), ...each(acts, act), ...more },
});

const api = network(
  "-X|--method= -f|--raw-field= -F|--field=f -H|--header= --input=< --paginate --slurp -i|--include --cache= --hostname= -q|--jq=% -t|--template= -p|--preview= --silent --verbose",
  "word",
  { why: "calls the forge's API", meaning: "-X", check: "query" },
);

export const FORGES: Programs = {
  gh: unknown("-R|--repo=h --version:r --help:r", "word*", {
    subcommands: {
      api,
      pr: group(
        "view diff checks status",
        "list",
        "create edit comment review merge close reopen ready lock unlock update-branch revert",
        { checkout: local },
      ),
      issue: group(
        "view status",
        "list",
        "create edit comment close reopen delete lock unlock pin unpin transfer develop",
      ),
      run: group("view watch", "list", "cancel delete rerun", { download: local }),
      workflow: group("view", "list", "run enable disable"),
      repo: group(
        "view",
        "list",
        "create edit delete archive unarchive rename fork sync set-default deploy-key autolink license gitignore",
        { clone: local },
      ),
      release: group("view verify verify-asset", "list", "create edit delete delete-asset upload", { download: local }),
      gist: group("view", "list", "create edit delete rename", { clone: local }),
      label: group("", "list", "create edit delete clone"),
      cache: group("", "list", "delete"),
      ...each("secret variable", group("get", "list", "set delete")),
      project: group(
        "view",
        "list field-list item-list",
        "create edit delete close copy link unlink item-add item-edit item-delete item-create item-archive field-create field-delete mark-template",
      ),
      ruleset: group("view check", "list", ""),
      search: group("", "issues prs repos commits code", ""),
      org: group("", "list", ""),
      status: look,
      auth: {
        effect: "network",
        subcommands: {
          status: network("-h= --hostname= -a --active", "word*", { why: view }),
          ...each(
            "token login logout refresh setup-git switch",
            unknown("", "word*", { open: true, why: "handles credentials" }),
          ),
        },
      },
      ...each("ssh-key gpg-key", group("", "list", "add delete")),
      ...each(
        "codespace extension alias config browse copilot attestation preview agent-task skill",
        unknown("", "word*", { open: true, why: "may run or open programs" }),
      ),
      ...each("version help completion", reads("", "word*")),
    },
    spreads: true,
  }),
  glab: network("", "word*", { open: true, why: "talks to the forge" }),
};
