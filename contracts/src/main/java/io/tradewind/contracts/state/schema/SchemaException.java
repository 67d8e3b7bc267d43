package io.tradewind.contracts.state.schema;

/**
 * Stored documents cannot be brought to the shape that this program works with. What holds them must not be loaded:
 * reading on without them would be a silent loss. Reading again ends the same way, until a person has acted.
 */
public abstract sealed class SchemaException extends IllegalStateException
        permits NewerSchemaException, MigrationFailedException {

    private static final long serialVersionUID = 1L;

    SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
