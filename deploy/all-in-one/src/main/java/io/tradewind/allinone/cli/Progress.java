package io.tradewind.allinone.cli;

import java.util.Locale;

/**
 * Shows how far a long piece of work is, as a bar on standard error: {@code Verifying [#####...] 5/16}. Only where a
 * person looks; a log file or a pipe gets nothing. One thread; its owner closes it, which takes the bar away.
 */
public final class Progress implements AutoCloseable {

    private static final int WIDTH = 32;
    private static final String BACK_AND_CLEAR = "\r\u001b[K";

    private final Console console;
    private final String what;
    private final int total;
    private int done;

    /** @param total how many steps it takes, from 1 */
    public Progress(Console console, String what, int total) {
        this.console = console;
        this.what = what;
        this.total = total;
        draw();
    }

    /** One step more is done. */
    public void step() {
        done = Math.min(done + 1, total);
        draw();
    }

    private void draw() {
        if (console.progress()) {
            int filled = WIDTH * done / total;
            print(String.format(
                    Locale.ROOT,
                    "%s%s [%s%s] %d/%d",
                    BACK_AND_CLEAR,
                    what,
                    "#".repeat(filled),
                    ".".repeat(WIDTH - filled),
                    done,
                    total));
        }
    }

    @Override
    public void close() {
        if (console.progress()) {
            print(BACK_AND_CLEAR);
        }
    }

    private void print(String text) {
        console.err().print(text);
        console.err().flush();
    }
}
