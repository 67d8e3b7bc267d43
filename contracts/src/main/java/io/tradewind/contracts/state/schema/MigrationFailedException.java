package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.state.EntityKey;

/** A step could not handle a document. Nothing was changed, nothing is skipped. */
public final class MigrationFailedException extends SchemaException {

    private static final long serialVersionUID = 1L;

    private final transient EntityKey key;
    private final transient Migration step;

    MigrationFailedException(EntityKey key, Migration step, RuntimeException reason) {
        super(
                key + " cannot be brought from schema version " + step.fromVersion() + " to " + step.toVersion() + " ("
                        + step.does() + "): " + reasonOf(reason)
                        + "; run a release whose step can handle this document",
                reason);
        this.key = key;
        this.step = step;
    }

    /** Which document. */
    public EntityKey key() {
        return key;
    }

    /** Which step. */
    public Migration step() {
        return step;
    }

    /** What the step says is wrong with the document. */
    public String reason() {
        return reasonOf(getCause());
    }

    private static String reasonOf(Throwable reason) {
        return reason.getMessage() == null ? reason.toString() : reason.getMessage();
    }
}
