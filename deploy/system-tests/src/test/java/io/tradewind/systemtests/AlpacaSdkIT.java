package io.tradewind.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tradewind.systemtests.harness.NodeProject;
import io.tradewind.systemtests.harness.TradewindProcess;
import io.tradewind.systemtests.harness.Waiting;
import io.tradewind.systemtests.harness.Workspace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Alpaca's official SDK, pointed at Tradewind: a user who changes the address gets orders of each kind placed, replaced,
 * listed and canceled. Needs Node.js and the package; says so where it cannot run.
 */
@Timeout(900)
class AlpacaSdkIT {

    private static final Duration SCRIPT_LIMIT = Duration.ofMinutes(8);
    private static final Duration QUOTES_LIMIT = Duration.ofMinutes(1);

    @Test
    void shouldServeTheOfficialSdk() throws Exception {
        Optional<String> missing = NodeProject.missing();
        assumeTrue(missing.isEmpty(), () -> "SKIPPED: the SDK test needs Node.js: " + missing.orElseThrow());
        NodeProject project = NodeProject.copy("alpaca-sdk");
        NodeProject.Outcome installed = project.install();
        assumeTrue(
                installed.exitCode() == 0,
                () -> "SKIPPED: the SDK cannot be installed here (npm ci): " + installed.output());
        try (Workspace workspace = Workspace.open("sdk");
                TradewindProcess program = TradewindProcess.start(workspace.data(), TradewindProcess.patient())) {
            Waiting.until(
                    "quotes are there",
                    QUOTES_LIMIT,
                    () -> program.client().get("/v2/assets/AAPL").status() == 200);
            NodeProject.Outcome outcome = project.node(
                    "orders.cjs",
                    Map.of(
                            "TRADEWIND_ADDRESS", program.gateway().toString(),
                            "TRADEWIND_KEY_ID", program.credential("key_id"),
                            "TRADEWIND_SECRET_KEY", program.credential("secret_key")),
                    SCRIPT_LIMIT);
            System.out.println(outcome.output());
            assertEquals(0, outcome.exitCode(), () -> outcome.output() + program.quoted());
        }
    }
}
