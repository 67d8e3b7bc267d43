package io.tradewind.servicekit;

import io.vertx.core.Deployable;

/** Wires one service by constructors. Called before each deployment, on the event loop or thread that deploys. */
@FunctionalInterface
public interface Assembly<C extends Record> {
    /** A new, not yet started verticle. Must not block; what needs I/O belongs in its {@code start}. */
    Deployable assemble(ServiceKit kit, C config);
}
