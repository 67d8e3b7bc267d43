package io.tradewind.servicekit;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * How to open a {@link ServiceKit}, beyond what the configuration says.
 *
 * @param clustered whether to join other processes through Hazelcast
 * @param clock what services take for the time
 * @param prepare run once on the new Vert.x before anything is deployed: registers the message codecs of the program
 */
public record KitOptions(boolean clustered, Clock clock, Consumer<Vertx> prepare) {
    /** One process on its own. */
    public static KitOptions local() {
        return new KitOptions(false, Clock.systemUTC(), vertx -> {});
    }

    /** A member of the cluster that the section {@code cluster} describes. */
    public static KitOptions inCluster() {
        return new KitOptions(true, Clock.systemUTC(), vertx -> {});
    }

    public KitOptions withClock(Clock other) {
        return new KitOptions(clustered, other, prepare);
    }

    public KitOptions withPrepare(Consumer<Vertx> other) {
        return new KitOptions(clustered, clock, other);
    }
}
