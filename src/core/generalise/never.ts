/**
 * What no rule is ever proposed for, however often it was approved: privilege, deletion, code given as text, package
 * runners, sending data away, history that is lost, the files that steer Claude Code and this program. The list is a
 * guard beside the statistics, not a judgement of a single call.
 */
import type { ShellPart } from "../shell/shell.js";

const PROGRAMS: Readonly<Record<string, string>> = {
  "gives privilege":
    "sudo doas su pkexec runuser chroot unshare nsenter capsh setpriv setcap passwd usermod useradd visudo",
  deletes: "rm rmdir unlink shred srm wipe dd mkfs fdisk parted truncate mkswap wipefs blkdiscard",
  "runs what it is given":
    "bash sh zsh dash ksh fish csh tcsh eval exec source . xargs parallel env nohup setsid script expect watch at batch trap command builtin busybox python python2 python3 pypy pypy3 node deno ruby perl php lua Rscript julia osascript pwsh powershell tclsh gdb lldb strace ltrace",
  "fetches and runs packages": "npx bunx uvx pipx dlx corepack",
  "sends data away":
    "nc ncat netcat socat telnet ftp sftp scp rsync ssh mail sendmail curl wget aria2c http https rclone aws gcloud az gsutil s3cmd",
  "changes the machine":
    "systemctl service launchctl crontab kill pkill killall reboot shutdown halt poweroff mount umount iptables nft ufw sysctl modprobe insmod chmod chown chgrp chattr setfacl defaults csrutil spctl security gpg apt apt-get yum dnf brew pacman apk snap flatpak dpkg rpm",
  "reaches other machines": "docker podman nerdctl kubectl helm terraform tofu pulumi ansible ansible-playbook vagrant",
  "steers permissions": "claude claude-permit claude-permit-hook codex gemini",
};

const BY_PROGRAM: ReadonlyMap<string, string> = new Map(
  Object.entries(PROGRAMS).flatMap(([why, names]) => names.split(" ").map((name) => [name, why])),
);

/** Subcommands and options that lose or publish something, by the words they begin with. */
const COMMANDS: readonly { readonly words: RegExp; readonly why: string }[] = [
  {
    words: /^git (?:push\b.*? (?:-f|-d|\+\S+|:\S+|--force\S*|--delete|--mirror|--prune)\b|push\b.* [+:]\S)/,
    why: "rewrites or deletes shared history",
  },
  {
    words:
      /^git (?:reset\b.*--hard|clean\b|checkout\b.* (?:--|\.|-f|--force)(?: |$)|restore\b|stash (?:drop|clear)|branch\b.* (?:-[dDf]|--delete|--force)\b|tag\b.* (?:-d|--delete)\b|filter-branch|filter-repo|gc|prune|reflog|update-ref|symbolic-ref|replace|worktree remove|rebase|submodule|bisect run|config|credential\S*|daemon|send-email|remote (?:add|set-url|remove|rename))/,
    why: "loses work or changes how git behaves",
  },
  {
    words:
      /^(?:npm|pnpm|yarn|bun) (?:install|i|ci|add|remove|rm|uninstall|update|upgrade|publish|unpublish|exec|x|dlx|create|init|link|login|token|config|set|version|dist-tag)\b/,
    why: "fetches and runs packages",
  },
  {
    words:
      /^(?:pip3?|uv|poetry|gem|cargo|go|composer|conda|mise|asdf|rustup) (?:install|add|remove|uninstall|publish|pip|get|upgrade|update|self|use|x|exec|tool)\b/,
    why: "fetches and runs packages",
  },
  {
    words: /^(?:gh|glab) (?:secret|auth|ssh-key|gpg-key|variable|extension|alias|config|codespace)\b/,
    why: "reaches credentials or settings",
  },
  {
    words:
      /^(?:gh|glab) \S+ (?:delete|merge|close|edit|create|comment|review|transfer|rename|archive|lock|unlock|cancel|rerun|enable|disable|upload|fork|sync|set|import|mark-\S+|copy|link|unlink|pin|unpin|ready|reopen|revert)\b/,
    why: "changes something at the forge",
  },
  {
    words: /^(?:gh|glab) api\b.* (?:-X|--method|-f|-F|--field|--raw-field|--input)\b/,
    why: "changes something at the forge",
  },
];

/** Files that change what others run later, or hold what must not be read. */
const TOUCHY =
  /(?:^|[/=:])(?:\.env(?:\.[\w-]+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.ssh|\.aws|\.gnupg|\.kube|\.docker|\.claude|\.git|\.husky|credentials(?:\.\w+)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.(?:bash|zsh)\w*|\.profile|\.gitconfig|authorized_keys|shadow|sudoers)(?:[/:]|$)|\.(?:pem|key|p12|pfx|keystore|jks|kdbx)$|(?:^|[/._-])(?:secrets?|passwords?|private[_-]?key)(?:[/._-]|$)/iu;

/** Why no rule may be proposed for this command, "" when one may. */
export function neverPart(part: ShellPart): string {
  const { program, programPath, argv, assigns, via, effect } = part;
  if (program === null || argv.some(({ value }) => value === null)) return "is not static";
  if (via.length > 0) return "is run by another program";
  if (assigns.length > 0) return "assigns variables";
  const name = program.toLowerCase();
  const known =
    BY_PROGRAM.get(name) ??
    (/^(?:python|pypy|ruby|perl|php|lua)[\d.]+$/.test(name) ? BY_PROGRAM.get("python") : undefined);
  if (known !== undefined) return known;
  if (programPath !== null && /^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(programPath) && effect !== "reads") {
    return "is a program outside the project";
  }
  const words = argv.map(({ value }) => value ?? "").join(" ");
  const found = COMMANDS.find((one) => one.words.test(words));
  if (found !== undefined) return found.why;
  return argv.slice(1).some(({ value }) => isTouchyPath(value ?? ""))
    ? "names a file that holds secrets or steers tools"
    : "";
}

/** A path, or an option's value, that no rule may be proposed for. */
export function isTouchyPath(word: string): boolean {
  return word.length < 512 && TOUCHY.test(word);
}

/**
 * What rules that leave paths open exclude, as a regex on the words of a command or on a path: the same files. Lower
 * case: names of secrets are written so.
 */
export const TOUCHY_SOURCE = String.raw`(?:^|[\/=: ])(?:\.env(?:\.[\w-]+)?|\.(?:netrc|npmrc|pypirc|git-credentials|ssh|aws|gnupg|kube|docker|claude|git|husky|gitconfig)|id_(?:rsa|dsa|ecdsa|ed25519)|credentials(?:\.\w+)?)(?:[\/: ]|$)|\.(?:pem|key|p12|pfx|jks|kdbx)(?: |$)|(?:^|[\/._ -])(?:secrets?|passwords?)(?:[\/._ -]|$)`;

/** The same files as names in gitignore's spelling, rather more than fewer. */
export const TOUCHY_NAMES: readonly string[] = [
  ...[".env", ".env.*", ".netrc", ".npmrc", ".pypirc", ".git-credentials", ".gitconfig"],
  ...[".ssh", ".aws", ".gnupg", ".kube", ".docker", ".claude", ".git", ".husky"],
  ...["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credentials", "credentials.*"],
  ...["*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.kdbx", "*secret*", "*password*"],
];
