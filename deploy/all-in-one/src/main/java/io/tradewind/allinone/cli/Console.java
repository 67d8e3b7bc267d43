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
 * @param progress whether {@code err} is looked at by a person: progress bars are for them only
 */
public record Console(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path directory,
        boolean terminal,
        boolean progress) {

    /** Set by the script, which can tell: a JVM cannot, with its input redirected. */
    private static final String TERMINAL_PROPERTY = "tradewind.terminal";

    private static final String PROGRESS_PROPERTY = "tradewind.terminal.err";

    /** One that nobody watches while it works. */
    public Console(
            PrintStream out, PrintStream err, Map<String, String> environment, Path directory, boolean terminal) {
        this(out, err, environment, directory, terminal, false);
    }

    /** The process's own. */
    public static Console system() {
        boolean clever = !"dumb".equals(System.getenv("TERM"));
        boolean colours = clever && Boolean.getBoolean(TERMINAL_PROPERTY) && System.getenv("NO_COLOR") == null;
        boolean bars = clever && Boolean.getBoolean(PROGRESS_PROPERTY);
        return new Console(System.out, System.err, System.getenv(), Path.of("").toAbsolutePath(), colours, bars);
    }

    /** {@code file}, from the directory that the user is in. */
    public Path resolve(Path file) {
        return directory.resolve(file).normalize();
    }
}
