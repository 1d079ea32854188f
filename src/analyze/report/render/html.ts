/**
 * The Report as one HTML file: no network, no script, a style sheet pinned by its hash, so that nothing a log holds could
 * run or load even if it became markup. The template engine escapes every value; the view is already free of hidden text.
 */
import { createHash } from "node:crypto";
import Handlebars from "handlebars";
import type { Report } from "../report.schema.js";
import { htmlView } from "./html-view.js";
import type { Templates } from "./templates.js";

export function renderHtml(report: Report, templates: Templates): string {
  const engine = Handlebars.create();
  const options = { strict: true, preventIndent: true };
  for (const [name, text] of Object.entries(templates.partials))
    engine.registerPartial(name, engine.compile(text, options));
  const style = templates.style;
  const styleHash = createHash("sha256").update(style).digest("base64");
  return engine.compile(templates.report, options)({ ...htmlView(report), style, style_hash: styleHash });
}
