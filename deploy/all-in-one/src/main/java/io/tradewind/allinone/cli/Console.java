package io.tradewind.allinone.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command knows of its surroundings, handed in so that tests can be the user.
 *
 * @param out what was asked for
 * @param err warnings and the one sentence about a failure
 * @param environment variables
 * @param directory what relative paths are relative to
 * @param terminal whether {@code out} is looked at by a person: colours are for them only
 */
public record Console(
        PrintStream out, PrintStream err, Map<String, String> environment, Path directory, boolean terminal) {

    /** Set by the script, which can tell: a JVM cannot, with its input redirected. */
    private static final String TERMINAL_PROPERTY = "tradewind.terminal";

    /** The process's own. */
    public static Console system() {
        boolean colours = Boolean.getBoolean(TERMINAL_PROPERTY)
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
        return new Console(System.out, System.err, System.getenv(), Path.of("").toAbsolutePath(), colours);
    }

    /** {@code file}, from the directory that the user is in. */
    public Path resolve(Path file) {
        return directory.resolve(file).normalize();
    }
}
