/**
 * The Report as one HTML file: no network, one script and one style sheet pinned by their hashes, so that nothing a log
 * holds could run or load even if it became markup. The template engine escapes every value; the view is already free of
 * hidden text. Complete without the script, which sorts, filters and copies.
 */
import type { Report } from "../report.schema.js";
import { htmlView } from "./html-view.js";
import type { Templates } from "./templates.js";

export function renderHtml(report: Report, templates: Templates): string {
  const { style, script, styleHash, scriptHash } = templates;
  const policy = `default-src 'none'; style-src '${styleHash}'; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`;
  return templates.render("report", { ...htmlView(report), style, script, policy });
}
