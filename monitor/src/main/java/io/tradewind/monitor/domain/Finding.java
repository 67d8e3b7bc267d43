package io.tradewind.monitor.domain;

/**
 * Something that is not as it should be: what the score deducts for, and what an alert can be made of.
 *
 * @param code stable name of the rule, such as {@code cpu_high}
 * @param subject what it is about: a service, {@code machine}, {@code redis}, {@code postgres}
 * @param points what the score loses, 1 to 100
 * @param reason for people, with the value and its limit
 */
public record Finding(String code, String subject, int points, String reason) {}
