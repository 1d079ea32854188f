/** Containers, clusters, clouds, databases, transfers and the machine itself. */
import { each, type Knowledge, network, type Programs, reads, unknown, writes } from "./knowledge.js";
import { COMPOSE, CONTAINER, KUBECTL_EXEC } from "./wrappers.js";

const daemon = { why: "changes containers or images", open: true } as const;
const cluster = { why: "talks to the cluster", open: true } as const;
/** `-f` follows a log, but names a file or address of objects elsewhere. */
const clusterLook = (file: string): Knowledge =>
  network(
    `${file} -A|--all-namespaces -o|--output=w -l|--selector= --field-selector= --show-labels --no-headers --sort-by= -w|--watch --watch-only -L|--label-columns= --show-kind --ignore-not-found --tail= --since= --since-time= -c|--container= --all-containers -p|--previous --timestamps --prefix --max-log-requests= --client --short --containers --limit-bytes= --chunk-size= --show-events --api-group= --namespaced --recursive --api-version= --pod-running-timeout=`,
    "word*",
    { why: "asks the cluster" },
  );
const service = { why: "talks to a service", open: true } as const;
const system = { why: "may change the system", open: true } as const;

const look = reads(
  "-a|--all -q|--quiet -f|--filter= --format= -n|--last= -l|--latest --no-trunc -s|--size -t|--timestamps --tail= --since= --until= --details --digests --no-stream --type= --orphans --services --images --profile= --follow -h|--human --dry-run",
  "word*",
);
const images = unknown("", "word*", {
  subcommands: { ...each("ls list ps inspect history df", look), "*": unknown("", "word*", daemon) },
});

const compose: Knowledge = unknown(
  "-f|--file=< -p|--project-name= --profile= --env-file=< --project-directory=@ --ansi= --progress= --parallel= --compatibility",
  "word*",
  {
    subcommands: {
      ...COMPOSE,
      ...each("ps logs images top ls port version", look),
      // What it prints holds the values of `.env`.
      config: unknown("--services:r --images:r --volumes:r --profiles:r -q:r --format= --hash=", "word*", {
        why: "prints settings, secrets included",
      }),
      "*": unknown("", "word*", daemon),
    },
  },
);

export const SYSTEMS: Programs = {
  ...each(
    "docker podman nerdctl",
    unknown("-H|--host=:n -c|--context=:n --config=:u -D|--debug -l|--log-level= -v|--version:r", "word*", {
      subcommands: {
        ...CONTAINER,
        compose,
        ...each("ps images logs inspect history version info top stats port diff events", look),
        ...each("container image volume network", { ...images, subcommands: { ...images.subcommands, ...CONTAINER } }),
        ...each("system context builder buildx plugin", images),
        ...each("pull push login logout search", network("", "word*", service)),
        "*": unknown("", "word*", daemon),
      },
    }),
  ),
  ...each("docker-compose podman-compose", compose),
  ...each(
    "kubectl oc",
    network(
      "-n|--namespace= --context= --cluster= --user= -s|--server=:u --kubeconfig=:u --token=:u -v= --request-timeout= --as=:u",
      "word*",
      {
        ...cluster,
        spreads: true,
        subcommands: {
          exec: KUBECTL_EXEC,
          logs: clusterLook("-f|--follow"),
          rollout: network("", "word*", {
            ...cluster,
            subcommands: {
              ...each("status history", clusterLook("--timeout= --revision=")),
              "*": network("", "word*", cluster),
            },
          }),
          auth: network("", "word*", {
            ...cluster,
            subcommands: {
              ...each("can-i whoami", clusterLook("--list -q|--quiet")),
              "*": network("", "word*", cluster),
            },
          }),
          ...each(
            "get describe top version cluster-info explain api-resources api-versions",
            clusterLook("-f|--filename=:u -k|--kustomize=:u"),
          ),
          config: network("", "word*", {
            ...cluster,
            subcommands: {
              ...each("get-contexts current-context get-clusters get-users", clusterLook("")),
              "*": network("", "word*", cluster),
            },
          }),
          "*": network("", "word*", cluster),
        },
      },
    ),
  ),
  helm: network(
    "-n|--namespace= --kube-context= --kubeconfig=:u --kube-apiserver=:u --kube-token=:u --debug",
    "word*",
    {
      ...cluster,
      spreads: true,
      subcommands: {
        version: reads("--short --template=", ""),
        lint: reads("--strict --quiet -f|--values=< --with-subcharts", "read*=."),
        "*": network("", "word*", cluster),
      },
    },
  ),
  ...each(
    "kustomize k9s stern minikube kind k3d argocd flux istioctl linkerd velero skaffold tilt",
    network("", "word*", cluster),
  ),
  ...each(
    "aws az gcloud gsutil bq doctl flyctl fly heroku terragrunt pulumi cdk sam serverless ansible ansible-playbook ansible-galaxy packer vault op doppler supabase firebase railway render auth0 stripe circleci gitlab-runner sentry-cli rclone restic borg s3cmd mc claude codex gemini ollama llm",
    network("", "word*", service),
  ),
  ...each(
    "terraform tofu",
    network("", "word*", {
      ...service,
      subcommands: { version: reads("-json", ""), "*": network("", "word*", service) },
    }),
  ),
  ...each(
    "psql mysql mariadb sqlite3 mongosh mongo redis-cli duckdb sqlcmd clickhouse-client cqlsh influx pg_dump pg_restore mysqldump createdb dropdb",
    unknown("", "word*", { open: true, why: "runs statements on a database" }),
  ),
  ...each("kafka-topics kafka-configs rabbitmqctl rabbitmqadmin nats", network("", "word*", service)),

  curl: network(
    "-[sSfkiILvgGNjlqJR#nBMapZ46012] -O|--remote-name:i --silent --show-error --fail --fail-with-body --insecure --include --location --location-trusted --head --verbose --globoff --get --no-buffer --compressed --http1.0 --http1.1 --http2 --http3 --ipv4 --ipv6 --tlsv1.2 --tlsv1.3 --anyauth --basic --digest --netrc --parallel --progress-bar --no-progress-meter --path-as-is --create-dirs --raw --tcp-nodelay --ssl-reqd --remote-header-name -X|--request= -H|--header=f -d|--data|--data-ascii=f --data-raw= --data-binary=f --data-urlencode=f --json=f -F|--form=f --form-string= -u|--user= -A|--user-agent= -e|--referer= -b|--cookie= -c|--cookie-jar=> -o|--output=> -D|--dump-header=> -w|--write-out= -m|--max-time= --connect-timeout= --retry= --retry-delay= --retry-max-time= --retry-all-errors --retry-connrefused -x|--proxy= --resolve= --connect-to= --interface= --limit-rate= --max-filesize= --max-redirs= -r|--range= -T|--upload-file=< --url= -z|--time-cond= --cacert= -E|--cert=< --key=< --output-dir=> --trace=> --trace-ascii=> --stderr=> --oauth2-bearer= --unix-socket= --proto= --proto-redir= --aws-sigv4= --url-query= --rate= -C|--continue-at= --variable= --noproxy= --socks5= --socks5-hostname= --proxy-user= --negotiate --ntlm --no-keepalive --keepalive-time= --ciphers= --tls-max= --dns-servers= --doh-url= --capath=< --etag-save=> --etag-compare=< --create-file-mode= -h -K|--config=:u -Q|--quote= --libcurl=> --ssl --xattr:w -V|--version:r --manual:r",
    "word*",
    { meaning: "-X" },
  ),
  wget: network(
    "-[qvbcNSkKprHELdnx46] -nv -nc -nd -nH -np --quiet --no-verbose --spider -O|--output-document=> -o|--output-file=> -a|--append-output=>> -P|--directory-prefix=> -i|--input-file=< -t|--tries= -T|--timeout= -U|--user-agent= -A= -R= -l|--level= -w= --wait= --header= --post-data= --post-file=< --method= --body-data= --body-file=< --no-check-certificate --content-disposition --show-progress --max-redirect= --timeout= --tries= --continue --recursive --mirror --no-parent --user= --password= --limit-rate= --no-clobber --server-response --load-cookies=< --save-cookies=> -e|--execute=:u --use-askpass=! --config=:u -h|--help:r -V|--version:r",
    "word*=.",
  ),
  ...each(
    "scp sftp ftp ncat nc netcat telnet socat nmap whois http https xh httpie aria2c yt-dlp rsh rlogin tcpdump tshark ngrok cloudflared tailscale lynx w3m links",
    network("", "word*", { open: true, why: "uses the network" }),
  ),
  ...each(
    "ping ping6 traceroute mtr dig nslookup host ldapsearch",
    network("", "word*", { open: true, why: "uses the network" }),
  ),

  ps: reads(
    "-[aAdefFHjlLmMNqrSTvwxycZ] -o|--format=% -p= -u= -U= -C= -G= -g= -t= -O=% --sort= --no-headers --forest --ppid= --pid= --user= --cols= --rows= --width=",
    "letters*",
    { check: "query" },
  ),
  pgrep: reads(
    "-[aflnovxicw] --full --list-name --list-full --newest --oldest --exact --count -u= -U= -P= -g= -t= -d= --parent= --ignore-case",
    "word*",
  ),
  lsof: reads("-[abClnNOPRtUvVXwQ] -i=? -p= -u= -c= -d= -F=? -s=? -a +D= +d=", "read*"),
  // What listens here; whom this machine talks to is not told without a question.
  ...each(
    "ss netstat",
    unknown("-l|--listening:r -[46aeimnoptuxWHO] --numeric --processes --tcp --udp --no-header", "", {
      why: "tells whom this machine talks to",
    }),
  ),
  ...each(
    "free vmstat iostat lscpu lsblk lsusb lspci lsmod vm_stat",
    reads("-[abfghiklmprtvwJPyzdxH] --human --mega --giga --json --tree --pretty --si --total -o= -s=", "word*"),
  ),
  top: reads("-b -H -c -i -S -n=? -d= -o= -p= -u= -w=? -l= -s= -stats=", "", { style: "posix" }),
  "nvidia-smi": reads("-L -q --list-gpus --query-gpu= --format=", ""),
  plutil: unknown("", "word*", { open: true }),
  ...each(
    "gpg gpg2 ssh-keygen ssh-add ssh-agent age pass security keychain",
    unknown("", "word*", { open: true, why: "handles keys" }),
  ),
  openssl: unknown("", "word*", {
    why: "handles keys",
    style: "long",
    subcommands: {
      version: reads("-[abdefhiopvr]", "", { style: "long" }),
      dgst: reads("-md5 -sha1 -sha224 -sha256 -sha384 -sha512 -r -hex -binary", "read*", { style: "long" }),
      x509: reads(
        "-in=< -pubkey -modulus -noout -text -subject -issuer -dates -enddate -startdate -serial -fingerprint -sha1 -sha256 -inform= -purpose -email -checkend= -ext= -nameopt=",
        "",
        { style: "long" },
      ),
      rand: reads("-hex -base64", "word", { style: "long" }),
      "*": unknown("", "word*", { open: true, why: "handles keys" }),
    },
  }),
  systemctl: unknown("--user --system --no-pager -q|--quiet -l|--full -a|--all --version:r", "word*", {
    ...system,
    spreads: true,
    subcommands: {
      ...each(
        "status is-active is-enabled is-failed list-units list-unit-files list-timers list-sockets list-dependencies show cat",
        reads(
          "-t|--type= --state= -n|--lines= -o|--output=w -p|--property= --no-legend --plain --failed --reverse --value",
          "word*",
        ),
      ),
      "*": unknown("", "word*", system),
    },
  }),
  launchctl: unknown("", "word*", {
    ...system,
    subcommands: { ...each("list print blame", reads("", "word*")), "*": unknown("", "word*", system) },
  }),
  journalctl: reads(
    "-u|--unit= --user-unit= --user --system -n|--lines=? -f|--follow -e|--pager-end -r|--reverse -k|--dmesg -b|--boot=? -p|--priority= -S|--since= -U|--until= -t|--identifier= -g|--grep= -o|--output=w --output-fields= --no-pager -x|--catalog -q|--quiet -a|--all --no-hostname --utc --list-boots --disk-usage --no-full --case-sensitive=?",
    "word*",
  ),
  dmesg: reads(
    "-[HTwkuxtLPe] -l|--level= -f|--facility= --color=? --since= --until= --human --ctime --nopager --follow",
    "",
  ),
  ip: unknown("-[46djosrcNh] --json -br|-brief -details -stats -color=?", "word*", {
    ...system,
    subcommands: {
      ...each(
        "addr a address link l",
        reads("", "", {
          subcommands: {
            ...each("show list ls s get", reads("", "word*")),
            "*": unknown("", "word*", system),
          },
        }),
      ),
      "*": unknown("", "word*", system),
    },
  }),
  ...each("ifconfig mount", reads("-a -l", "", { withOperands: "unknown" })),
  ...each(
    "service sysctl defaults networksetup scutil route iptables ufw nft mkfs fdisk parted diskutil hdiutil umount swapon swapoff modprobe insmod rmmod useradd usermod userdel groupadd passwd chsh visudo reboot shutdown halt poweroff init telinit logger wall setenforce tmutil spctl csrutil codesign",
    unknown("", "word*", system),
  ),
  ...each("pbcopy xclip xsel wl-copy pbpaste", unknown("", "word*", { open: true, why: "uses the clipboard" })),
  ...each(
    "ffmpeg ffprobe convert magick identify sips exiftool pandoc pdftotext",
    unknown("", "word*", { open: true, why: "may write files" }),
  ),
  uuidgen: reads("-[rthx]", ""),
  base58: reads("-[d]", "read"),
  bc: reads("-[lqsw] --mathlib --quiet", "read*"),
  ...each(
    "shuf",
    reads("-[rz] -e -n|--head-count= -i|--input-range= -o|--output=> --repeat --random-source=< --echo", "read*"),
  ),
  ...each("tsort numfmt factor", reads("--to= --from= --field= --suffix= --padding= --header=?", "word*")),
  fallocate: writes("-[ndzpciv] -l|--length= -o|--offset=", "write"),
};
