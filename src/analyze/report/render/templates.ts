/**
 * The report's templates as the build leaves them: compiled functions, style sheet, script, hashes. The one place that
 * reads them, and the one door to the template engine, of which only the runtime is loaded: nothing is compiled here.
 */
import { createRequire } from "node:module";
import type Handlebars from "handlebars";

export type TemplateName = "report" | "mail";

export interface Templates {
  /** Every value in `view` is escaped, but for the style sheet and the script, which are ours. */
  render(name: TemplateName, view: object): string;
  readonly style: string;
  readonly script: string;
  /** `sha256-…` of both, for the page's policy. */
  readonly styleHash: string;
  readonly scriptHash: string;
}

/** The same way up from src/ and from dist/. */
const FILE = "../../../../dist/report-templates.cjs";

/** @throws Error when the package was not built. */
export function readTemplates(): Templates {
  const load = createRequire(import.meta.url);
  const { templates, ...texts } = load(FILE) as BuiltTemplates;
  const engine = (load("#packages/handlebars") as typeof Handlebars).create();
  const compiled = new Map(Object.entries(templates).map(([name, spec]) => [name, engine.template(spec)]));
  for (const [name, template] of compiled) engine.registerPartial(name, template);
  return { ...texts, render: (name, view) => compiled.get(name)?.(view) ?? "" };
}

/** What scripts/build-templates.mjs writes. */
interface BuiltTemplates extends Omit<Templates, "render"> {
  readonly templates: Readonly<Record<string, TemplateSpecification>>;
}
