package io.tradewind.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * How the orders of one part of a run (warm-up, measured) ended, as their sender saw it. Written on the generator's
 * event loop, read by others only after the run.
 */
public final class Tally {

    /** More kinds of failure than this are counted together, so that no message can make the table grow. */
    private static final int MAX_KINDS = 50;

    private static final String OTHER = "other";

    private long sent;
    private long acknowledged;
    private final Map<String, Long> denied = new TreeMap<>();
    private final Map<String, Long> unknown = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();

    void countSent() {
        sent++;
    }

    void countAcknowledged() {
        acknowledged++;
    }

    void countDenied(String code) {
        count(denied, code);
    }

    void countUnknown(String why) {
        count(unknown, why);
    }

    void countError(String what) {
        count(errors, what);
    }

    public long sent() {
        return sent;
    }

    public long acknowledged() {
        return acknowledged;
    }

    /** Answers that say: no such order was made. By code. */
    public Map<String, Long> denied() {
        return denied;
    }

    /** Orders that may exist or not: 5xx after they were passed on, connection lost, no answer in time. By reason. */
    public Map<String, Long> unknown() {
        return unknown;
    }

    /** Answers that a server of this API does not give. By kind; their orders are counted as unknown too. */
    public Map<String, Long> errors() {
        return errors;
    }

    public boolean isClean() {
        return denied.isEmpty() && unknown.isEmpty() && errors.isEmpty() && acknowledged == sent;
    }

    private static void count(Map<String, Long> map, String key) {
        map.merge(map.size() < MAX_KINDS || map.containsKey(key) ? key : OTHER, 1L, Long::sum);
    }
}
