package io.tradewind.benchmarks.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.orders.DenialCode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Turns answers into figures: which outcome an answer means, and how long it took. Used on the generator's event loop
 * only, read after the run.
 */
final class Recorder {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int DIGITS = 3;
    private static final long HIGHEST_US = TimeUnit.MINUTES.toMicros(10);

    private final long warmupNs;
    private final Tally warmup = new Tally();
    private final Tally measured = new Tally();
    private final Outcomes outcomes = new Outcomes();
    private final Histogram latencyUs = new Histogram(HIGHEST_US, DIGITS);
    private final Histogram serviceUs = new Histogram(HIGHEST_US, DIGITS);
    private long lastAcknowledgedNs;

    Recorder(long warmupNs) {
        this.warmupNs = warmupNs;
    }

    void sent(int seq, long plannedNs) {
        outcomes.sent(seq);
        part(plannedNs).countSent();
    }

    void answered(int seq, long plannedNs, long sentNs, long nowNs, int status, byte[] bytes, int at, int length) {
        Tally part = part(plannedNs);
        if (status == 200) {
            outcomes.acknowledged(seq);
            part.countAcknowledged();
            if (part == measured) {
                latencyUs.recordValue(micros(nowNs - plannedNs));
                serviceUs.recordValue(micros(nowNs - sentNs));
                lastAcknowledgedNs = nowNs;
            }
        } else if (status == 503 || (status >= 400 && status < 500)) {
            outcomes.denied(seq);
            part.countDenied(code(status, bytes, at, length));
        } else if (status >= 500) {
            outcomes.unknown(seq);
            part.countUnknown(code(status, bytes, at, length));
        } else {
            outcomes.unknown(seq);
            part.countUnknown("status " + status);
            part.countError("status " + status + " where 200 was expected");
        }
    }

    /** No answer came, or none will. */
    void lost(int seq, long plannedNs, String why) {
        outcomes.unknown(seq);
        part(plannedNs).countUnknown(why);
    }

    void error(String what) {
        measured.countError(what);
    }

    Progress progress(long elapsedNs) {
        return new Progress(
                TimeUnit.NANOSECONDS.toMillis(elapsedNs),
                warmup.sent() + measured.sent(),
                warmup.acknowledged() + measured.acknowledged());
    }

    LoadResult result(Pace pace, long worstDelayNs, String behindSchedule, String transport) {
        return new LoadResult(
                pace.measuredOrders() < 0 ? measured.sent() : pace.measuredOrders(),
                warmup,
                measured,
                outcomes,
                latencyUs,
                serviceUs,
                Math.max(0, lastAcknowledgedNs - warmupNs),
                worstDelayNs,
                behindSchedule,
                transport);
    }

    private Tally part(long plannedNs) {
        return plannedNs < warmupNs ? warmup : measured;
    }

    private static long micros(long ns) {
        return Math.max(0, Math.min(HIGHEST_US, TimeUnit.NANOSECONDS.toMicros(ns)));
    }

    /** "42910001 QUEUE_LANE_FULL" from {@code {"code": 42910001, …}}; the bare status when the answer has no code. */
    private static String code(int status, byte[] bytes, int at, int length) {
        try (JsonParser in = JSON.createParser(bytes, at, length)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    JsonToken value = in.nextToken();
                    if (name.equals("code") && value == JsonToken.VALUE_NUMBER_INT) {
                        return named(in.getLongValue());
                    }
                    in.skipChildren();
                }
            }
        } catch (IOException e) {
            // The status alone still says what happened; that the body is no JSON is said with it.
            return "HTTP " + status + " with a body that is not JSON";
        }
        return "HTTP " + status;
    }

    private static String named(long apiCode) {
        for (DenialCode code : DenialCode.values()) {
            if (code.apiCode() == apiCode) {
                return apiCode + " " + code.name();
            }
        }
        return Long.toString(apiCode);
    }
}
