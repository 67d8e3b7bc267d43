package io.tradewind.contracts.control;

/** Query to the monitor: the state of the whole system, answered with a JSON document. */
public record StatusQuery() {}
