package io.tradewind.allinone.up;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes what libraries log through {@code java.util.logging} on to SLF4J. Any thread; holds nothing to close. */
final class JavaLogging extends Handler {

    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord entry) {
        String name = entry.getLoggerName();
        Logger logger = LoggerFactory.getLogger(name == null ? "java.util.logging" : name);
        String message = formatter.formatMessage(entry);
        int level = entry.getLevel().intValue();
        if (level >= Level.SEVERE.intValue()) {
            logger.error(message, entry.getThrown());
        } else if (level >= Level.WARNING.intValue()) {
            logger.warn(message, entry.getThrown());
        } else if (level >= Level.INFO.intValue()) {
            logger.info(message, entry.getThrown());
        } else {
            logger.debug(message, entry.getThrown());
        }
    }

    @Override
    public void flush() {
        // SLF4J's back end flushes by its own rules.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
