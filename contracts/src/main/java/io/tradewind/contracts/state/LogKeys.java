package io.tradewind.contracts.state;

/**
 * The names of everything that Tradewind keeps in Redis.
 *
 * <pre>
 *   tradewind:format          string  version of this layout
 *   tradewind:{p}:log         stream  one entry per durable commit, id = "(last version)-0",
 *                                     fields "e" = epoch, "b" = {@link LogCodec} payload
 *   tradewind:{p}:head        hash    "epoch" = fencing number of the owner, "version" = last version in the log,
 *                                     "owner" = member id of the owner, empty after it has handed over in order
 *   tradewind:member:ID       string  sign of life of a state-store process; expires when it is not repeated
 * </pre>
 *
 * The braces around a partition's number make its keys share a hash slot.
 */
public final class LogKeys {

    public static final String FORMAT = "tradewind:format";

    /** The layout that this program reads and writes. */
    public static final int FORMAT_VERSION = 1;

    public static final String FIELD_EPOCH = "e";
    public static final String FIELD_BODY = "b";

    public static final String HEAD_EPOCH = "epoch";
    public static final String HEAD_VERSION = "version";
    public static final String HEAD_OWNER = "owner";

    private LogKeys() {}

    public static String log(int partition) {
        return "tradewind:{" + partition + "}:log";
    }

    public static String head(int partition) {
        return "tradewind:{" + partition + "}:head";
    }

    public static String member(String id) {
        return "tradewind:member:" + id;
    }

    /** The stream id of the commit whose last transaction made {@code version}. */
    public static String entryId(long version) {
        return version + "-0";
    }

    /** The version in a stream id. */
    public static long version(String entryId) {
        int dash = entryId.indexOf('-');
        return Long.parseLong(dash < 0 ? entryId : entryId.substring(0, dash));
    }
}
