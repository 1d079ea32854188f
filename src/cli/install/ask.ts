/** The question of `init` that is its own: for whom the hook shall decide. */
import { SCOPES, type Scope } from "../../store/settings-places.js";
import { askOne } from "../ask.js";

const WHERE: Readonly<Record<Scope, readonly [label: string, hint: string]>> = {
  user: ["you, in every project", "~/.claude/settings.json"],
  project: ["everyone in this project", ".claude/settings.json, with paths of this machine"],
  local: ["you, in this project", ".claude/settings.local.json"],
};

export function askScope(): Promise<Scope> {
  const choices = SCOPES.map((value) => ({ value, label: WHERE[value][0], hint: WHERE[value][1] }));
  return askOne("For whom shall the hook decide?", choices);
}
