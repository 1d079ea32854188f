/** Programs that list, copy, move, change or delete files. */
import { each, type Programs, reads, runsCode, unknown, writes } from "./knowledge.js";

const COPY =
  "-[abdfHiLnPpRrvxXcTzZ] -u -l|--link:u -s|--symbolic-link:u --archive --backup=? --attributes-only --copy-contents -f|--force -i|--interactive -n|--no-clobber -R|-r|--recursive --update=? -v|--verbose --parents:u --preserve=? --no-preserve= --reflink=? --sparse= -S|--suffix=w -t|--target-directory=> --strip-trailing-slashes --dereference --no-dereference --one-file-system --no-target-directory --debug";

export const FILES: Programs = {
  ls: reads(
    "-[aAbBcCdDfFgGhHikKlLmnNopPqQrRsStTuUvwWxXyZ1@%,] --all --almost-all --color=? --full-time -h|--human-readable --group-directories-first --directory --recursive --reverse --size --sort= --time= --time-style= -I|--ignore= --hide= --format= --inode --classify=? --file-type --indicator-style= --dereference --no-group --si --quoting-style= --hyperlink=? --zero",
    "read*=.",
    { harmless: true, looks: "names" },
  ),
  ...each(
    "exa eza lsd",
    reads(
      "-[1laABdDfFghHimnrRSTUuxX@Z] -L|--level= -I|--ignore-glob= -s|--sort= -t|--time= --git --icons=? --color=? --tree --all --long --group-directories-first --git-ignore --no-user --no-permissions --time-style=",
      "read*=.",
    ),
  ),
  tree: reads(
    "-[adfxlisphugDFqNQrtcUvnACSJX] -L= -P= -I= -o=> --gitignore --gitfile=< --matchdirs --noreport --charset= --filelimit= --dirsfirst --filesfirst --sort= --du --prune --inodes --device --si --timefmt= --fromfile --metafirst --ignore-case -H= -T= -R:u --nolinks --info --infofile=<",
    "read*=.",
    { looks: "names" },
  ),
  find: reads(
    "-H -L -P -O0 -O1 -O2 -O3 -D= ( ) ! , -not -a -and -o -or -true -false -depth -d -mount -xdev -x -E -X -s -f= -follow -daystart -noleaf -warn -nowarn -ignore_readdir_race -noignore_readdir_race " +
      "-maxdepth= -mindepth= -regextype= -files0-from=<:u -amin= -anewer=< -atime= -cmin= -cnewer=< -ctime= -empty -executable -fstype= -gid= -group= -ilname= -iname= -inum= -ipath= -iregex= -iwholename= -links= -lname= " +
      "-mmin= -mtime= -name= -newer=< -newermt= -newerct= -newerat= -newerBt= -nogroup -nouser -path= -perm= -readable -regex= -samefile= -size= -type= -uid= -used= -user= -wholename= -writable -xtype= -Bmin= -Btime= " +
      "-print -print0 -printf= -ls -prune -quit -delete:d -fprint=> -fprint0=> -fls=> -fprintf=2> -exec=; -execdir=; -ok=; -okdir=;",
    "read*=.",
    { style: "long", meaning: "-delete", looks: "names" },
  ),
  ...each(
    "fd fdfind",
    reads(
      "-[HIuUsigFaLpl0q1] --hidden --no-ignore --no-ignore-vcs --unrestricted --case-sensitive --ignore-case --glob --regex --fixed-strings --absolute-path --list-details --follow --full-path -d|--max-depth= --min-depth= --exact-depth= --prune -t|--type= -e|--extension= -E|--exclude= -S|--size= --changed-within= --changed-before= --newer= --older= -o|--owner= --format= -x|--exec=; -X|--exec-batch=; --batch-size= --ignore-file=< -c|--color= --hyperlink=? -j|--threads= --max-results= --quiet --show-errors --strip-cwd-prefix=? --one-file-system --path-separator= --search-path=< --base-directory=@ --and= --print0 --relative-path",
      "word read*=.",
      { looks: "names" },
    ),
  ),
  stat: reads("-[LftxnqsFlr] -c|--format= --printf= --file-system --dereference --terse --cached=", "read*", {
    looks: "names",
  }),
  file: reads(
    "-[bciLhkNnprsSvE0dl] -f|--files-from=<:u -m|--magic-file=< -F|--separator= -e|--exclude= -P= --brief --mime --mime-type --mime-encoding --dereference --no-dereference --keep-going --extension",
    "read*",
  ),
  du: reads(
    "-[abcDHhklLmPsSx0AgInr] --all --apparent-size -B|--block-size= --bytes --total -d|--max-depth= --human-readable --inodes --si --summarize -t|--threshold= --time=? --time-style= --exclude= -X|--exclude-from=< --one-file-system --files0-from=<:u",
    "read*=.",
    { looks: "names" },
  ),
  df: reads(
    "-[ahHiIklPTmgbnYc] --all -B|--block-size= --human-readable --si --inodes --local --output=? --portability --total -t|--type= --print-type -x|--exclude-type=",
    "read*",
  ),
  ...each(
    "realpath readlink",
    reads(
      "-[femnqsvzELP] --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --logical --physical --strip --no-symlinks --quiet --zero --relative-to= --relative-base=",
      "read*",
      { looks: "names" },
    ),
  ),
  mkdir: writes("-p|--parents -v|--verbose -m|--mode= -Z", "write*"),
  rmdir: writes("-p|--parents -v|--verbose --ignore-fail-on-non-empty", "delete*"),
  touch: writes("-[achm] --no-create -d|--date= -r|--reference=< -t= --time= -A= --no-dereference", "write*"),
  rm: writes(
    "-f|--force -i -I --interactive=? -r|-R|--recursive -d|--dir -v|--verbose --one-file-system --no-preserve-root --preserve-root=? -P -W -x",
    "delete*",
    { meaning: "-r" },
  ),
  unlink: writes("", "delete"),
  ...each("trash trash-put rmtrash", writes("-[fvrdiFRs]", "delete*")),
  shred: writes(
    "-[fuvxz] --force -n|--iterations= -s|--size= --remove=? --random-source=< --verbose --exact --zero",
    "delete*",
  ),
  truncate: writes("-[co] -s|--size= -r|--reference=< --no-create --io-blocks", "write*"),
  cp: writes(COPY, "read* write", { unless: "-t", into: "-r -R -a --archive", looks: { below: "-r -R -a --archive" } }),
  mv: writes(COPY, "delete* write", { unless: "-t", into: "*" }),
  install: writes(
    `${COPY} -D -d|--directory -g|--group= -m|--mode= -o|--owner= --strip-program=! -C|--compare`,
    "read* write",
    { unless: "-t", into: "" },
  ),
  ln: writes(
    "-[bdfFhiLnPrsTvw] --backup=? --directory --force --interactive --logical --no-dereference --physical --relative --symbolic -S|--suffix= -t|--target-directory=> --no-target-directory --verbose",
    "read* write",
    { unless: "-t", into: "" },
  ),
  chmod: writes(
    "-[cfvRhHLPENCrwxX] --changes --quiet --silent --verbose --recursive --reference=< --preserve-root --no-preserve-root",
    "word write*",
    { unless: "--reference -r -w -x -X", meaning: "-R" },
  ),
  ...each(
    "chown chgrp",
    writes(
      "-[cfvhRHLPnx] --changes --quiet --silent --verbose --dereference --no-dereference --from= --recursive --reference=< --preserve-root --no-preserve-root",
      "word write*",
      { unless: "--reference", meaning: "-R" },
    ),
  ),
  ...each("chattr chflags xattr setfacl", unknown("", "other*", { open: true, why: "changes attributes of files" })),
  dd: writes("", "pair*", { style: "pairs" }),
  tee: writes("-a|--append -i|--ignore-interrupts -p --output-error=?", "write*"),
  sponge: writes("-a", "write*"),
  rsync: unknown("", "other*", { open: true, why: "copies, may delete, and may reach other machines" }),
  patch: writes(
    "-[bcEeflNnRsTtuvZ] -p|--strip= -i|--input=< -o|--output=> -d|--directory=@ --dry-run --forward --reverse --batch --force --quiet --silent --verbose -F|--fuzz= -V= -B= -z= -r= --no-backup-if-mismatch",
    "edit read=.",
  ),
  split: writes(
    "-[de] -a|--suffix-length= -b|--bytes= -C= -l|--lines= -n|--number= --numeric-suffixes=? --additional-suffix= --filter=!",
    "read write+.",
  ),
  open: unknown("", "other*", { open: true, why: "opens another program" }),
  ...each("xdg-open start qlmanage", unknown("", "other*", { open: true, why: "opens another program" })),

  tar: writes(
    "-t|--list:r -x|--extract|--get:i -c|--create:c -r|--append:c -u|--update:c -A|--catenate:c --delete:c -d|--diff|--compare:r -f|--file=& -z|--gzip|--gunzip -j|--bzip2 -J|--xz --zstd --lzma --lzip -a|--auto-compress -v|--verbose -p|--preserve-permissions -k -O|--to-stdout -C|--directory=@ -h|--dereference -m -o -P:u --strip-components= --exclude= -X|--exclude-from=< -T|--files-from=< --wildcards --no-same-owner --no-same-permissions --same-owner --numeric-owner --owner= --group= --mtime= --transform=:u --sort= --totals " +
      "-I|--use-compress-program=! --to-command=! --checkpoint=? --checkpoint-action=! -F|--info-script|--new-volume-script=! --rsh-command=! --rmt-command=! --one-top-level=?",
    "read*",
    { looks: { below: "*" }, style: "bundle", meaning: "-x -c -t" },
  ),
  ...each(
    "gzip gunzip bzip2 bunzip2 xz unxz",
    writes(
      "-c|--stdout|--to-stdout:r -[dfhklLnNqrtvV123456789z] --decompress --uncompress --force --keep --list --quiet --recursive --test --verbose --fast --best -S|--suffix=w -T= --threads=",
      "edit*",
      { looks: { below: "-r --recursive" } },
    ),
  ),
  ...each(
    "zstd unzstd lz4 compress uncompress",
    writes(
      "-[cdfhklLnNqrtvV123456789z] --stdout --to-stdout --decompress --uncompress --force --keep --list --quiet --recursive --test --verbose --fast --best -S|--suffix= -o=> -T= --threads= --rm",
      "edit*",
    ),
  ),
  ...each("zcat gzcat bzcat xzcat zstdcat lzcat", reads("-[fcdvqt]", "read*")),
  ...each("zgrep zless zmore zdiff", unknown()),
  unzip: writes("-l:r -v:r -Z:r -t:r -p:r -z:r -[ajnoqCKLMUVWXDfu] -d=> -x= -P= -O= -I=", "read word*+."),
  zipinfo: reads("-[12smlvhtTzM]", "read word*"),
  zip: writes("-[rjqmuf9876543210oXDyvTSe] -x= -i= -P= --exclude= --recurse-paths -@", "write read*", {
    looks: { below: "-r --recurse-paths" },
  }),
  ...each("7z 7za 7zr 7zz", unknown("", "other*", { open: true })),
  ditto: unknown(),
  ...each("cpio pax ar", runsCode("", "other*", { open: true, why: "packs or unpacks files" })),
};
