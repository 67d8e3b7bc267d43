package io.tradewind.orderqueue.domain;

/**
 * What was ordered together with a trading state. Stored with it, so that it is carried out also after a crash; an
 * account that has done so remembers the id.
 *
 * @param id of the order
 * @param flatten whether positions are closed, after all open orders are canceled
 */
public record KillOrder(String id, boolean flatten) {}
