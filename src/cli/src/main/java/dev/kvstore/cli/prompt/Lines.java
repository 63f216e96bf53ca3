package dev.kvstore.cli.prompt;

import java.util.Optional;

/** Where the prompt's lines come from. */
public interface Lines {
    /** The next line; empty at the end. May wait for a person. */
    Optional<String> next();

    /** Whether a person types them, who sees each answer before the next line. */
    boolean interactive();
}
