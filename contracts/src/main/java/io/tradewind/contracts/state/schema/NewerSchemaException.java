package io.tradewind.contracts.state.schema;

/** Documents were written by a newer program than this one. */
public final class NewerSchemaException extends SchemaException {

    private static final long serialVersionUID = 1L;

    private final String domain;
    private final int found;
    private final int known;

    NewerSchemaException(String domain, int found, int known) {
        super(
                "documents of domain '" + domain + "' have schema version " + found
                        + "; this program knows versions up to " + known
                        + ": run the release that wrote them, or a newer one",
                null);
        this.domain = domain;
        this.found = found;
        this.known = known;
    }

    public String domain() {
        return domain;
    }

    /** The schema version of the documents. */
    public int found() {
        return found;
    }

    /** The newest schema version that this program knows. */
    public int known() {
        return known;
    }
}
