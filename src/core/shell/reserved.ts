/**
 * Words that shells read as syntax. What bash runs as a command and zsh reads as syntax (or the other way round) must
 * not be taken for a command's name.
 */

/** May stand alone between commands; anything else there is text that no command claimed. */
export const structureWords: ReadonlySet<string> = new Set(
  "if then elif else fi for in do done while until case esac select function { }".split(" "),
);

/** As an unquoted first word, another thing in some shell. */
export const unsafeNames: ReadonlySet<string> = new Set(
  (
    "if then elif else fi for in do done while until case esac select function { } ! time [[ ]] coproc " +
    "repeat foreach end always noglob nocorrect - integer float"
  ).split(" "),
);
