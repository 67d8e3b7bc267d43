package io.tradewind.contracts.broker;

import java.math.BigDecimal;

/** What an account holds at the broker: units of one instrument, negative when short. */
public record BrokerPosition(String accountId, String symbol, BigDecimal qty) {}
