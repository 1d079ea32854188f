/** One spelling for a path in reports: absolute, with `~` for the home folder. It resolves no `..` and no links. */
export function pathKey(spelled: string, cwd: string, home: string): string {
  const first = spelled[0];
  const rooted = first === "/" || first === "~" || /^[A-Za-z]:[\\/]/.test(spelled);
  const absolute = rooted || cwd === "" ? spelled : `${cwd.replace(/\/$/, "")}/${spelled.replace(/^(?:\.\/)+/, "")}`;
  if (home === "" || home === "/" || !absolute.startsWith(home)) return absolute;
  const below = absolute.slice(home.length);
  return below === "" || below.startsWith("/") ? `~${below}` : absolute;
}
