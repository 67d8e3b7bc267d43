package io.tradewind.strategyexecutor.endpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tradewind.contracts.Json;
import io.tradewind.contracts.JsonObjects;
import io.tradewind.contracts.strategy.StrategyFactory;
import io.tradewind.strategyexecutor.domain.RunCounters;
import io.tradewind.strategyexecutor.domain.RunState;
import io.tradewind.strategyexecutor.domain.StrategyCatalogue;
import io.tradewind.strategyexecutor.domain.StrategyStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes strategies down as JSON: the stored status of one, and the list of all. Pure functions. */
public final class StrategyDocuments {

    private static final JsonFactory FACTORY = new JsonFactory();

    private StrategyDocuments() {}

    @FunctionalInterface
    private interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    /**
     * How one stands: {@code {"name", "account_id", "state", "since", "parameters": {…}, "calls", "succeeded",
     * "timeouts", "exceptions", "dropped", "cancelled", …, "last_error"}}.
     */
    public static Json status(StrategyStatus status) {
        return document(out -> writeStatus(out, status));
    }

    /**
     * {@code {"strategies": [{"name", "state", "defaults": {…}, "runs": [status, …]}, …]}}, where {@code state} is that
     * of the liveliest run, and {@code stopped} without one.
     */
    public static Json list(StrategyCatalogue catalogue, List<StrategyStatus> statuses) {
        return document(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("strategies");
            for (StrategyFactory factory : catalogue.factories()) {
                writeStrategy(
                        out,
                        factory,
                        statuses.stream()
                                .filter(status -> status.name().equals(factory.name()))
                                .toList());
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void writeStrategy(JsonGenerator out, StrategyFactory factory, List<StrategyStatus> runs)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("name", factory.name());
        out.writeStringField("state", liveliest(runs).text());
        out.writeObjectFieldStart("defaults");
        for (Map.Entry<String, String> parameter : new TreeMap<>(factory.defaults()).entrySet()) {
            out.writeStringField(parameter.getKey(), parameter.getValue());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("runs");
        for (StrategyStatus run : runs) {
            writeStatus(out, run);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeStatus(JsonGenerator out, StrategyStatus status) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", status.name());
        out.writeStringField("account_id", status.accountId());
        out.writeStringField("state", status.state().text());
        out.writeStringField("since", JsonObjects.timeText(status.sinceMs()));
        out.writeObjectFieldStart("parameters");
        for (Map.Entry<String, String> parameter : status.parameters().entrySet()) {
            out.writeStringField(parameter.getKey(), parameter.getValue());
        }
        out.writeEndObject();
        writeCounts(out, status.counts());
        out.writeNumberField("queued", status.queued());
        if (status.lastError() != null) {
            out.writeStringField("last_error", status.lastError());
            out.writeStringField("last_error_at", JsonObjects.timeText(status.lastErrorMs()));
        }
        out.writeEndObject();
    }

    private static void writeCounts(JsonGenerator out, RunCounters.Counts counts) throws IOException {
        out.writeNumberField("calls", counts.calls());
        out.writeNumberField("succeeded", counts.succeeded());
        out.writeNumberField("timeouts", counts.timeouts());
        out.writeNumberField("exceptions", counts.exceptions());
        out.writeNumberField("dropped", counts.dropped());
        out.writeNumberField("cancelled", counts.cancelled());
        out.writeNumberField("conflated", counts.conflated());
        out.writeNumberField("replaced", counts.replaced());
        out.writeNumberField("orders", counts.orders());
        out.writeNumberField("signals", counts.signals());
        out.writeNumberField("max_call_ms", counts.maxCallMs());
        out.writeNumberField("mean_call_ms", counts.calls() == 0 ? 0 : counts.totalCallMs() / counts.calls());
    }

    private static RunState liveliest(List<StrategyStatus> runs) {
        List<RunState> order =
                List.of(RunState.RUNNING, RunState.STARTING, RunState.STOPPING, RunState.PARKED, RunState.STOPPED);
        return order.stream()
                .filter(state -> runs.stream().anyMatch(run -> run.state() == state))
                .findFirst()
                .orElse(RunState.STOPPED);
    }

    private static Json document(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return Json.ofBytes(bytes.toByteArray());
    }
}
