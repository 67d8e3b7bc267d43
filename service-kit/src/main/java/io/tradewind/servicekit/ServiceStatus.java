package io.tradewind.servicekit;

import java.time.Duration;
import java.time.Instant;

/**
 * One line of the start-up summary.
 *
 * @param service its name
 * @param state where it is in its life
 * @param since when it entered that state
 * @param startDuration how long the last start took; null while it has not finished
 * @param failure why it is down, in one sentence; null unless it is
 */
public record ServiceStatus(
        String service, ServiceState state, Instant since, Duration startDuration, String failure) {}
