/** Programs that read text and print it. */
import { each, type Programs, reads, unknown, writes } from "./knowledge.js";

const harmless = { harmless: true } as const;

const GREP =
  "-[abchiIlLnoqsvwxyzEFGHPTUVZuOpS] -# -e|--regexp= -f|--file=< -m|--max-count= -A|--after-context= -B|--before-context= -C|--context=? --color=? --colour=? -d|--directories= -D|--devices= --include= --exclude= --exclude-dir= --include-dir= --exclude-from=< --label= --binary-files= -E|--extended-regexp -F|--fixed-strings -G|--basic-regexp -P|--perl-regexp -i|--ignore-case -v|--invert-match -w|--word-regexp -x|--line-regexp -c|--count -l|--files-with-matches -L|--files-without-match -o|--only-matching -q|--quiet|--silent -s|--no-messages -n|--line-number -b|--byte-offset -H|--with-filename -h|--no-filename -a|--text -r|--recursive:. -R|--dereference-recursive:. -z|--null-data -Z|--null --line-buffered --initial-tab --no-ignore-case";

const RG =
  "-[acFhHilLnNopPqsSuUvVwx0.] -# -e|--regexp= -f|--file=< -A|--after-context= -B|--before-context= -C|--context= -g|--glob= --iglob= -t|--type= -T|--type-not= --type-add= --type-clear= --type-list -m|--max-count= -d|--max-depth= --max-filesize= -M|--max-columns= --max-columns-preview -r|--replace= -E|--encoding= -j|--threads= --color= --colors= --column --context-separator= --count --count-matches --crlf --debug --dfa-size-limit= --engine= --field-context-separator= --field-match-separator= --files --files-with-matches --files-without-match --fixed-strings --follow --glob-case-insensitive --heading --hidden --ignore-case --ignore-file=< --ignore-file-case-insensitive --include-zero --invert-match --json --line-buffered --block-buffered --line-number --line-regexp --mmap --multiline --multiline-dotall --no-config --no-filename --no-heading --no-ignore --no-ignore-dot --no-ignore-exclude --no-ignore-files --no-ignore-global --no-ignore-parent --no-ignore-vcs --no-line-number --no-messages --no-mmap --no-require-git --no-unicode --null --null-data --one-file-system --only-matching --passthru --path-separator= --pcre2 --pretty --quiet --regex-size-limit= --smart-case --case-sensitive --sort= --sortr= --stats --stop-on-nonmatch --text --trace --trim --unrestricted --vimgrep --with-filename --word-regexp --hyperlink-format= " +
  "--pre=! --pre-glob= --hostname-bin=! -z|--search-zip:u --generate=";

export const TEXT: Programs = {
  cat: reads(
    "-[AbeEnstTuvl] --show-all --number --number-nonblank --show-ends --show-tabs --show-nonprinting --squeeze-blank",
    "read*",
    harmless,
  ),
  bat: reads(
    "-[ApnSuf] --plain --number --show-all -l|--language= -H|--highlight-line= -r|--line-range= --style= --color= --theme= --decorations= --wrap= --tabs= --file-name= --paging= -m|--map-syntax= --pager=!",
    "read*",
  ),
  ...each(
    "head tail",
    reads(
      "-[qvzFr] -# -f|--follow=? -n|--lines= -c|--bytes= --quiet --silent --verbose --zero-terminated --retry --pid= -s|--sleep-interval= --max-unchanged-stats= -b=",
      "read*",
      harmless,
    ),
  ),
  wc: reads("-[clmwL] --bytes --chars --lines --words --max-line-length --files0-from=<:u --total=", "read*", harmless),
  ...each(
    "grep egrep fgrep ggrep",
    reads(GREP, "word read*", { harmless: true, unless: "-e -f", looks: { below: "-r -R -d" } }),
  ),
  rg: reads(RG, "word read*=.", { unless: "-e -f --files --type-list", looks: { below: "*" } }),
  ...each("ag ack", unknown("", "word read*")),
  cut: reads(
    "-[nsz] -b|--bytes= -c|--characters= -d|--delimiter= -f|--fields= --complement --only-delimited --output-delimiter= --zero-terminated -w",
    "read*",
    harmless,
  ),
  tr: reads("-[cCdstu] --complement --delete --squeeze-repeats --truncate-set1", "word*", harmless),
  sort: reads(
    "-[bdfgiMhnRrVcCmsuz] --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort --random-sort --reverse --version-sort --check=? --merge --stable --unique --zero-terminated --debug --sort= --random-source=< --batch-size= --compress-program=! --files0-from=<:u -k|--key= -t|--field-separator= -S|--buffer-size= -T|--temporary-directory=> --parallel= -o|--output=>",
    "read*",
  ),
  uniq: reads(
    "-[cdDiuz] --count --repeated --all-repeated=? --ignore-case --unique --zero-terminated --group=? -f|--skip-fields= -s|--skip-chars= -w|--check-chars=",
    "read write",
  ),
  nl: reads(
    "-[p] -b|--body-numbering= -d|--section-delimiter= -f|--footer-numbering= -h|--header-numbering= -i|--line-increment= -l= -n|--number-format= -s|--number-separator= -v|--starting-line-number= -w|--number-width=",
    "read*",
    harmless,
  ),
  ...each("tac rev", reads("-b -r -s=", "read*", harmless)),
  fold: reads("-b -s -w|--width= --spaces --bytes", "read*", harmless),
  fmt: reads("-c -s -t -u -w|--width= -p= -g=", "read*", harmless),
  ...each("expand unexpand", reads("-a -i -t|--tabs=", "read*", harmless)),
  paste: reads("-s|--serial -z -d|--delimiters=", "read*", harmless),
  comm: reads("-[123iz] --check-order --nocheck-order --output-delimiter= --total", "read*", harmless),
  join: reads("-i -z -t= -1= -2= -j= -a= -v= -e= -o= --header --check-order --nocheck-order", "read*", harmless),
  column: reads(
    "-[txeLn] --table -s|--separator= -c= -o|--output-separator= -N|--table-columns= -R|--table-right= -H= -W= -J",
    "read*",
    harmless,
  ),
  ...each("hexdump hd", reads("-[bcCdovx] -e= -f=< -n= -s=", "read*", harmless)),
  od: reads(
    "-[abcdfilosxv] -A|--address-radix= -j|--skip-bytes= -N|--read-bytes= -t|--format= -w=?",
    "read*",
    harmless,
  ),
  strings: reads("-[aof] -# -n|--bytes= -t|--radix= -e|--encoding= --all", "read*", harmless),
  iconv: reads("-[cls] -f|--from-code= -t|--to-code= -o|--output=>", "read*"),
  ...each(
    "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum b3sum cksum sum shasum md5 xxhsum",
    reads(
      "-[bctwzrqpnU0] --binary --check --text --tag --zero --ignore-missing --quiet --status --strict --warn -a|--algorithm= -l|--length= -s=",
      "read*",
      harmless,
    ),
  ),
  base64: reads("-d|-D|--decode -w|--wrap= -b|--break= -i=? --ignore-garbage --input=< -o|--output=>", "read"),
  base32: reads("-d|--decode -w|--wrap= -i|--ignore-garbage", "read"),
  xxd: reads(
    "-[abeEipuCdrR] -ps -plain -r|-revert -c|-cols= -g|-groupsize= -l|-len= -n|-name= -s|-seek= -o=",
    "read write",
    { style: "long" },
  ),
  diff: reads(
    "-[aBbdeEfHiNnpqrstTuwyZc0123456789] -# -u -U|--unified=? -C|--context=? --brief --report-identical-files --side-by-side --suppress-common-lines --show-c-function -F|--show-function-line= --label= -L= -W|--width= --recursive --new-file --unidirectional-new-file --no-dereference --ignore-case --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-trailing-space --strip-trailing-cr --minimal --speed-large-files --color=? --text -x|--exclude= -X|--exclude-from=< -I|--ignore-matching-lines= --normal --from-file=< --to-file=< --tabsize= --palette= --line-format= --old-line-format= --new-line-format= --unchanged-line-format= --changed-group-format= --unchanged-group-format= -S|--starting-file=",
    "read*",
    { looks: { below: "-r --recursive" } },
  ),
  cmp: reads("-[bls] --print-bytes --verbose --silent --quiet -i|--ignore-initial= -n|--bytes=", "read read word*"),
  ...each(
    "jq gojq jaq",
    reads(
      "-[cCMSrajsnReh] --compact-output --color-output --monochrome-output --sort-keys --raw-output --raw-output0 --join-output --ascii-output --slurp --null-input --raw-input --exit-status --tab --indent= --stream --stream-errors --seq --unbuffered --args --jsonargs --arg=2 --argjson=2 --slurpfile=2< --rawfile=2< --argfile=2< -f|--from-file=<:u -L|--library-path=<:u --help --version",
      "script read*",
      { check: "query", harmless: true, unless: "-f" },
    ),
  ),
  yq: reads(
    "-[nNPrMCjc] -i|--inplace|--in-place:e -o|--output-format= -p|--input-format= -I|--indent= -e|--exit-status --prettyPrint --no-colors --colors --null-input --no-doc -y -Y",
    "script read*",
    { check: "query" },
  ),
  sed: reads(
    "-n|--quiet|--silent -e|--expression=% -f|--file=<:u -E|-r|--regexp-extended -i|--in-place=s:e -s|--separate -u|-l|--unbuffered -z|--null-data --posix --debug --sandbox --line-length= --follow-symlinks -a",
    "script read*",
    { check: "sed", unless: "-e -f", meaning: "-i" },
  ),
  ...each(
    "awk gawk mawk nawk",
    reads(
      "-F|--field-separator= -v|--assign= -f|--file=<:x -e|--source=% -P|--posix -c|--traditional -b|--characters-as-bytes -S|--sandbox -t|--lint-old -O|--optimize",
      "script read*",
      { check: "awk", unless: "-f -e", style: "posix" },
    ),
  ),
  ...each("sd", writes("-[sfp]", "word word edit*")),
  // Where output is not a terminal they print like `cat`.
  ...each(
    "less more",
    reads(
      "-[NSRFXiIMEerqsQwWJgGaACcdfKmnuUV] -# -p= -P= -x= -z= -b= --chop-long-lines --no-init --quit-if-one-screen --RAW-CONTROL-CHARS --LINE-NUMBERS --squeeze-blank-lines",
      "page*",
    ),
  ),
  man: reads("-[afkKw] --all --whatis --apropos --where --path -s|--sections= -S= -M=:u -L=", "name*"),
  ...each("whatis apropos", reads("-[raew] -s= --exact --wildcard --regex --and -d", "name*")),
  ...each("most info help tldr", unknown("", "word*", { why: "starts a pager" })),
  ...each(
    "vi vim nvim nano emacs ed ex code subl pico view",
    unknown("", "edit*", { open: true, why: "an editor can run commands" }),
  ),
  ...each("fzf sk", unknown()),
};
