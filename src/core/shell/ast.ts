/**
 * The one importer of unbash (pinned exactly): a bash parser that is tolerant by design. Its tree is material to check,
 * never proof; what is missing or misread in it is the business of the files that walk it.
 */
import { type ParsedScript, parse } from "unbash";

export type {
  ArithmeticExpression,
  ArrayValue,
  Assignment as AstAssignment,
  Case,
  Command,
  CommandNode,
  CompoundList,
  Function as FunctionDefinition,
  HereDoc,
  HereString,
  ParameterExpansionPart,
  ParameterOperation,
  ParsedScript,
  Pipeline,
  Redirect as AstRedirect,
  Redirection,
  Statement,
  TestExpression,
  Word as AstWord,
  WordPart,
} from "unbash";

/** May throw (a stack overflow on deep nesting) and takes quadratic time on unclosed nesting: check bounds first. */
export function parseAst(text: string): ParsedScript {
  return parse(text);
}
