package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The document shapes that a program knows: the current schema version of each domain, and the chain of steps that
 * brings older documents to it. A domain without a step is in version 1, also one that nobody here has heard of.
 *
 * <p>Immutable, pure, safe for any thread.
 */
public final class Schemas {

    /** The version of a document whose version nobody wrote down. */
    public static final int FIRST_VERSION = 1;

    /** By domain: the steps from version 1 on, without gaps. */
    private final Map<String, List<Migration>> chains;

    /** By domain: the current version, of those that have a step. */
    private final Map<String, Integer> raised;

    /**
     * @param migrations in any order
     * @throws IllegalArgumentException when a step is missing in the chain of a domain, or there twice
     */
    public Schemas(List<Migration> migrations) {
        Map<String, TreeMap<Integer, Migration>> sorted = new TreeMap<>();
        for (Migration migration : migrations) {
            Migration other = sorted.computeIfAbsent(migration.domain(), domain -> new TreeMap<>())
                    .put(migration.fromVersion(), migration);
            if (other != null) {
                throw new IllegalArgumentException("domain '" + migration.domain() + "' has two steps from version "
                        + migration.fromVersion() + ": '" + other.does() + "' and '" + migration.does() + "'");
            }
        }
        Map<String, List<Migration>> found = new HashMap<>();
        Map<String, Integer> versions = new HashMap<>();
        sorted.forEach((domain, steps) -> {
            int version = FIRST_VERSION;
            for (Migration step : steps.values()) {
                if (step.fromVersion() != version) {
                    throw new IllegalArgumentException("domain '" + domain + "' has a step from version "
                            + step.fromVersion() + " but none from version " + version);
                }
                version++;
            }
            found.put(domain, List.copyOf(steps.values()));
            versions.put(domain, version);
        });
        this.chains = Map.copyOf(found);
        this.raised = Map.copyOf(versions);
    }

    /** What this program knows. The one place where its migrations are declared; a new one is added at the end. */
    public static Schemas current() {
        return new Schemas(List.of(PositionV2.step(), PositionV3.step()));
    }

    /** The version in which documents of a domain are written now. */
    public int version(String domain) {
        return raised.getOrDefault(domain, FIRST_VERSION);
    }

    /** The current versions of the domains above version 1: what a snapshot or a log entry has to say. */
    public Map<String, Integer> raised() {
        return raised;
    }

    /** The steps that documents of this version still have to take; empty when it is the current one. */
    public List<Migration> steps(String domain, int fromVersion) {
        check(domain, fromVersion);
        List<Migration> chain = chains.getOrDefault(domain, List.of());
        return chain.subList(fromVersion - FIRST_VERSION, chain.size());
    }

    /**
     * Refuses documents that this program cannot know.
     *
     * @param versions by domain; one that is not named is in version 1
     * @throws NewerSchemaException when one is newer than its domain is here
     */
    public void check(Map<String, Integer> versions) {
        // In order of names, so that the same data always gives the same message.
        new TreeMap<>(versions).forEach(this::check);
    }

    /**
     * Brings a document to the current version of its domain.
     *
     * @param fromVersion the version in which it was written, from 1
     * @return {@code json} itself when it is current
     * @throws NewerSchemaException when it is newer than this program knows
     * @throws MigrationFailedException when a step cannot handle it; whoever loads must not go on
     */
    public Json upgrade(EntityKey key, int fromVersion, Json json) {
        if (fromVersion == version(key.domain())) {
            return json;
        }
        Json upgraded = json;
        for (Migration step : steps(key.domain(), fromVersion)) {
            try {
                upgraded = step.apply(upgraded);
            } catch (RuntimeException e) {
                throw new MigrationFailedException(key, step, e);
            }
        }
        return upgraded;
    }

    /**
     * The same for an entity of a snapshot.
     *
     * @param versions what the snapshot says: the version by domain, of those above 1; empty for one that says nothing
     * @return {@code entity} itself when it is current
     */
    public Entity upgrade(Entity entity, Map<String, Integer> versions) {
        EntityKey key = entity.key();
        int found = versions.getOrDefault(key.domain(), FIRST_VERSION);
        return found == version(key.domain())
                ? entity
                : new Entity(key, entity.version(), entity.timeMs(), upgrade(key, found, entity.json()));
    }

    private void check(String domain, int found) {
        if (found < FIRST_VERSION) {
            throw new IllegalArgumentException(
                    "schema version " + found + " of domain '" + domain + "': versions start at " + FIRST_VERSION);
        }
        if (found > version(domain)) {
            throw new NewerSchemaException(domain, found, version(domain));
        }
    }

    /** Every step, for people to read: by domain, in their order. */
    public List<Migration> all() {
        List<Migration> all = new ArrayList<>();
        new TreeMap<>(chains).values().forEach(all::addAll);
        return List.copyOf(all);
    }
}
