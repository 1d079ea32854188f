/** PowerShell: aliases as PowerShell defines them, and the cmdlets that only read. Names are in lower case. */

const ALIASES_TEXT =
  "cat=get-content gc=get-content type=get-content ls=get-childitem dir=get-childitem gci=get-childitem pwd=get-location gl=get-location cd=set-location chdir=set-location sl=set-location pushd=push-location popd=pop-location " +
  "echo=write-output write=write-output select=select-object sort=sort-object measure=measure-object group=group-object where=where-object ?=where-object foreach=foreach-object %=foreach-object ft=format-table fl=format-list fw=format-wide " +
  "sls=select-string gi=get-item gp=get-itemproperty rvpa=resolve-path gps=get-process ps=get-process gsv=get-service gcm=get-command gm=get-member h=get-history history=get-history compare=compare-object diff=compare-object " +
  "rm=remove-item del=remove-item erase=remove-item rd=remove-item rmdir=remove-item ri=remove-item cp=copy-item copy=copy-item cpi=copy-item mv=move-item move=move-item mi=move-item ren=rename-item rni=rename-item ni=new-item md=new-item mkdir=new-item sc=set-content ac=add-content clc=clear-content si=set-item sp=set-itemproperty tee=tee-object " +
  "iex=invoke-expression icm=invoke-command iwr=invoke-webrequest curl=invoke-webrequest wget=invoke-webrequest irm=invoke-restmethod saps=start-process start=start-process kill=stop-process spps=stop-process sajb=start-job gal=get-alias sal=set-alias nal=new-alias ipmo=import-module cls=clear-host clear=clear-host";

export const POWERSHELL_ALIASES: ReadonlyMap<string, string> = new Map(
  ALIASES_TEXT.split(" ").map((pair) => {
    const cut = pair.indexOf("=");
    return [pair.slice(0, cut), pair.slice(cut + 1)];
  }),
);

/** They only read files or shape what they are given. Their parameters name paths, filters and counts. */
export const POWERSHELL_READERS: ReadonlySet<string> = new Set(
  (
    "get-content get-childitem get-location get-item get-itemproperty get-date get-process get-service get-command get-help get-member get-history get-alias get-filehash get-host get-culture get-random " +
    "test-path resolve-path split-path join-path convert-path select-string select-object sort-object measure-object group-object compare-object format-table format-list format-wide " +
    "write-output write-host out-string out-null out-default convertto-json convertfrom-json convertfrom-csv convertto-csv import-csv set-location push-location pop-location"
  ).split(" "),
);

/** They change the files that their words name. */
export const POWERSHELL_WRITERS: ReadonlyMap<string, "write" | "append" | "delete"> = new Map([
  ["remove-item", "delete"],
  ["clear-content", "write"],
  ["set-content", "write"],
  ["add-content", "append"],
  ["new-item", "write"],
  ["copy-item", "write"],
  ["move-item", "write"],
  ["rename-item", "write"],
  ["out-file", "write"],
  ["tee-object", "write"],
]);

/** Parameters that do not take a value, in lower case without dash. */
export const POWERSHELL_SWITCHES: ReadonlySet<string> = new Set(
  "recurse force raw name file directory hidden readonly system unique descending casesensitive simplematch list notmatch allmatches quiet line word character sum average maximum minimum wrap autosize hidetableheaders compress nonewline leaf parent resolve isabsolute passthru verbose wait utc noelement asstring allstats notypeinformation confirm whatif".split(
    " ",
  ),
);
