/**
 * Whose home a working directory lies in, for transcripts that may come from another machine. It reads the path only
 * and answers "" rather than guess.
 */

const HOMES = /^(?:\/(?:Users|home)\/[^/]+|\/root|\/var\/root|[A-Za-z]:[\\/]Users[\\/][^\\/]+)(?=$|[\\/])/;

/** `ownHome`: the home of the user who imports; a folder below it is theirs wherever it lies. */
export function homeOf(cwd: string, ownHome: string): string {
  if (ownHome !== "" && (cwd === ownHome || cwd.startsWith(`${ownHome}/`) || cwd.startsWith(`${ownHome}\\`))) {
    return ownHome;
  }
  return HOMES.exec(cwd)?.[0] ?? "";
}
