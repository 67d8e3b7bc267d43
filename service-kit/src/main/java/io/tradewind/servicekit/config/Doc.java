package io.tradewind.servicekit.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what a configuration key means, with its unit and limits, in the words a user reads in {@code tradewind.yaml}.
 * On a record it describes the whole section.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Doc {
    /** One or more sentences. */
    String value();
}
