package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A dry run: takes stored documents one by one, runs the steps on them as a load would, keeps a count and a few
 * examples, and forgets the rest. Nothing is written, a failure stops nothing. One thread; memory is bounded by the
 * number of domains.
 */
public final class MigrationRehearsal {

    /** Documents of a domain that are shown before and after. */
    public static final int MAX_EXAMPLES = 3;

    /** Documents of a domain that are named with what is wrong with them; the others are counted. */
    public static final int MAX_FAILURES = 100;

    private final Schemas schemas;
    private final SortedMap<String, Domain> domains = new TreeMap<>();

    public MigrationRehearsal(Schemas schemas) {
        this.schemas = schemas;
    }

    /** @param version the schema version in which the document is stored, from 1 */
    public void add(EntityKey key, int version, Json json) {
        domains.computeIfAbsent(key.domain(), domain -> new Domain()).add(schemas, key, version, json);
    }

    /** What was found so far. */
    public MigrationReport report() {
        List<MigrationReport.DomainReport> reports = new ArrayList<>();
        domains.forEach((name, domain) -> reports.add(domain.report(name, schemas)));
        return new MigrationReport(reports);
    }

    private static final class Domain {

        private final SortedMap<Integer, Long> changes = new TreeMap<>();
        private final TreeSet<Integer> startingVersions = new TreeSet<>();
        private final List<MigrationReport.Example> examples = new ArrayList<>();
        private final List<MigrationReport.Failure> failures = new ArrayList<>();
        private long documents;
        private long failed;

        void add(Schemas schemas, EntityKey key, int version, Json json) {
            documents++;
            if (version == schemas.version(key.domain())) {
                return;
            }
            Json after;
            try {
                after = schemas.upgrade(key, version, json);
            } catch (MigrationFailedException e) {
                startingVersions.add(version);
                fail(
                        key,
                        version,
                        "step " + e.step().fromVersion() + " to " + e.step().toVersion() + ": " + e.reason());
                return;
            } catch (NewerSchemaException e) {
                fail(key, version, e.getMessage());
                return;
            }
            startingVersions.add(version);
            changes.merge(version, 1L, Long::sum);
            if (examples.size() < MAX_EXAMPLES) {
                examples.add(new MigrationReport.Example(key, version, json, after));
            }
        }

        private void fail(EntityKey key, int version, String reason) {
            failed++;
            if (failures.size() < MAX_FAILURES) {
                failures.add(new MigrationReport.Failure(key, version, reason));
            }
        }

        MigrationReport.DomainReport report(String name, Schemas schemas) {
            List<Migration> steps =
                    startingVersions.isEmpty() ? List.of() : schemas.steps(name, startingVersions.first());
            SortedMap<Integer, Long> counted = new TreeMap<>(Map.copyOf(changes));
            return new MigrationReport.DomainReport(
                    name, documents, schemas.version(name), counted, steps, examples, failed, failures);
        }
    }
}
