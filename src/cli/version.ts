/** The package's version, for what the command line prints and records. */
export { VERSION } from "../library/version.js";
