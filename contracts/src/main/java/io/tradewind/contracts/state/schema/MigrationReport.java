package io.tradewind.contracts.state.schema;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.EntityKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the migrations of a program would do to stored documents, as a {@link MigrationRehearsal} found out. Immutable.
 *
 * @param domains of every domain that was seen, by name
 */
public record MigrationReport(List<DomainReport> domains) {

    /**
     * @param documents how many were seen
     * @param toVersion the current schema version of the domain
     * @param changes how many would be brought to it, by the version that they have now
     * @param steps those that would run, in order
     * @param examples the first of those that would change
     * @param failed how many cannot be brought to it: the program would refuse to load them
     * @param failures the first of those
     */
    public record DomainReport(
            String domain,
            long documents,
            int toVersion,
            SortedMap<Integer, Long> changes,
            List<Migration> steps,
            List<Example> examples,
            long failed,
            List<Failure> failures) {

        public DomainReport {
            steps = List.copyOf(steps);
            examples = List.copyOf(examples);
            failures = List.copyOf(failures);
        }

        public long changed() {
            return changes.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** A document before and after. */
    public record Example(EntityKey key, int fromVersion, Json before, Json after) {}

    /** A document that cannot be brought to the current version, and why. */
    public record Failure(EntityKey key, int fromVersion, String reason) {}

    public MigrationReport {
        domains = List.copyOf(domains);
    }

    public long documents() {
        return domains.stream().mapToLong(DomainReport::documents).sum();
    }

    public long changed() {
        return domains.stream().mapToLong(DomainReport::changed).sum();
    }

    public long failed() {
        return domains.stream().mapToLong(DomainReport::failed).sum();
    }

    /** The report as text for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(documents() + " documents; " + changed() + " would change, " + failed()
                + " cannot be migrated. Nothing was written.");
        for (DomainReport domain : domains) {
            String unchanged = domain.changed() + domain.failed() == 0 ? "; none would change" : "";
            lines.add(domain.domain() + ": " + domain.documents() + " documents, schema version " + domain.toVersion()
                    + unchanged);
            for (Map.Entry<Integer, Long> change : domain.changes().entrySet()) {
                lines.add("  " + change.getValue() + " from version " + change.getKey() + " to " + domain.toVersion());
            }
            for (Migration step : domain.steps()) {
                lines.add("  step " + step.fromVersion() + " to " + step.toVersion() + ": " + step.does());
            }
            for (Example example : domain.examples()) {
                lines.add("  " + example.key());
                lines.add("    before: " + example.before());
                lines.add("    after:  " + example.after());
            }
            for (Failure failure : domain.failures()) {
                lines.add("  cannot be migrated: " + failure.key() + " in version " + failure.fromVersion() + ": "
                        + failure.reason());
            }
            long untold = domain.failed() - domain.failures().size();
            if (untold > 0) {
                lines.add("  and " + untold + " more that cannot be migrated");
            }
        }
        return lines;
    }
}
