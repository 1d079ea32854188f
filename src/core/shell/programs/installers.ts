/** Package managers of systems and tool versions: what is installed may be looked at; everything else changes the machine. */
import { each, network, type Programs, reads, unknown } from "./knowledge.js";

const install = { why: "fetches packages and may run their scripts", open: true } as const;
const look = reads(
  "-q|--quiet -v|--verbose -1 -l -a|--all --versions --full-name --formula|--formulae --cask|--casks --multiple --pinned --json=? --installed --upgradable --manual-installed -f -i --info --list --size --tree --include-build --for-each -d|--depends -p|--prefix",
  "word*",
);
const other = network("", "word*", install);

export const INSTALLERS: Programs = {
  brew: network("-v|--version:r", "word*", {
    ...install,
    subcommands: {
      // A formula that is named by a file or an address is loaded, which runs it.
      ...each("list ls leaves deps uses config --prefix --cellar --repository", { ...look, operands: "name*" }),
      ...each(
        "info outdated search desc",
        network("-v --json=? --installed --formula --cask --all --eval-all --greedy -s --github:u", "name*", {
          why: "may fetch the list of packages",
        }),
      ),
      "*": other,
    },
  }),
  apt: network("-v|--version:r", "word*", {
    ...install,
    subcommands: { ...each("list show policy depends rdepends search", look), "*": other },
  }),
  "apt-cache": reads("-n|--names-only -f|--full -a --installed -q", "word*"),
  "apt-mark": unknown("", "word*", { subcommands: { ...each("showmanual showauto showhold", look), "*": unknown() } }),
  dpkg: network(
    "-l|--list:r -L|--listfiles:r -s|--status:r -S|--search:r -p|--print-avail:r --get-selections:r --print-architecture:r --version:r -c|--contents=<:r -I|--info=<:r",
    "word*",
    { why: install.why },
  ),
  "dpkg-query": reads("-W|--show -l|--list -L|--listfiles -s|--status -S|--search -f|--showformat=", "word*"),
  rpm: network(
    "-q|--query -a|--all -i|--info -l|--list -f|--file= -R|--requires --qf|--queryformat= -c -d --version:r -qa:r -qi:r -ql:r -qf:r",
    "word*",
    install,
  ),
  ...each(
    "nvm fnm volta asdf pyenv rbenv sdkman",
    network("", "word*", {
      ...install,
      subcommands: { ...each("ls list current versions version which", look), "*": other },
    }),
  ),
  gem: network("-v|--version:r", "word*", {
    ...install,
    subcommands: { list: reads("-l|--local -a|--all -d|--details -q --no-versions", "name*"), "*": other },
  }),
  ...each(
    "conda mamba micromamba",
    network("-V|--version:r", "word*", {
      ...install,
      subcommands: { list: reads("-n|--name= --json -e|--export --explicit -f", "name*"), "*": other },
    }),
  ),
  ...each("apt-get dnf yum pacman apk port snap choco winget scoop corepack flatpak", other),
};
