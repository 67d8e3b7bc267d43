package io.tradewind.servicekit.config;

/**
 * What there is to know about one configuration key, for listings and for the test that every key is documented.
 *
 * @param key full key, such as {@code gateway.port}
 * @param environment the variable that overrides it, such as {@code TRADEWIND_GATEWAY_PORT}
 * @param type what kind of value it takes, in words
 * @param defaultValue as it would be written in the file; empty when there is none
 * @param value the value in effect, as it would be written; masked when secret
 * @param doc its meaning, unit and limits; empty when the author wrote none
 * @param secret whether values are masked
 */
public record KeyInfo(
        String key, String environment, String type, String defaultValue, String value, String doc, boolean secret) {}
