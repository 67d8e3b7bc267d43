package io.tradewind.servicekit;

import java.util.Objects;

/**
 * What a program must know to run a service. Each service's main and the all-in-one program use the same definition, so
 * they cannot drift apart.
 *
 * @param name the service's name, which is also its section in the configuration
 * @param configType the record that its section binds to
 * @param assembly makes the verticle
 */
public record ServiceDefinition<C extends Record>(String name, Class<C> configType, Assembly<C> assembly) {
    public ServiceDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(configType, "configType");
        Objects.requireNonNull(assembly, "assembly");
    }
}
