package io.tradewind.servicekit.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a configuration key whose value is shown as {@value Redaction#MASK} wherever {@link Settings} prints it: in the
 * effective configuration, in the default file and in errors. A record's own {@code toString} knows nothing of it, so
 * print settings through {@link Settings} only.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Secret {}
