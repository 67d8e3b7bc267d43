package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.Json;
import java.util.Objects;

/**
 * One step of a domain's documents from a schema version to the next.
 *
 * <p>A step that has been released never changes: the documents that it meets are those of its version, however the
 * program has moved on. So it writes its formulas and names out, and does not call the code that writes the documents
 * of today.
 *
 * @param domain whose documents
 * @param fromVersion the version that it takes, from 1; it gives the next one
 * @param does what it does, in one sentence for people
 * @param step a pure function of the document: no clock, no I/O, no other document, the same result whenever it runs
 */
public record Migration(String domain, int fromVersion, String does, Step step) {

    /** Changes a document of one version into one of the next. */
    @FunctionalInterface
    public interface Step {

        /**
         * @param document the caller's own copy, to be changed
         * @throws RuntimeException when the document is not what its version promises; the message says what is wrong
         */
        void apply(Document document);
    }

    public Migration {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(step, "step");
        if (fromVersion < Schemas.FIRST_VERSION) {
            throw new IllegalArgumentException("migration of domain '" + domain + "' from schema version " + fromVersion
                    + ": versions start at " + Schemas.FIRST_VERSION);
        }
        if (does == null || does.isBlank()) {
            throw new IllegalArgumentException("migration of domain '" + domain + "' from schema version " + fromVersion
                    + ": must say what it does");
        }
    }

    public int toVersion() {
        return fromVersion + 1;
    }

    /** @throws RuntimeException when the document is not what its version promises */
    Json apply(Json json) {
        Document document = Document.parse(json);
        step.apply(document);
        return document.toJson();
    }
}
