package io.tradewind.benchmarks.audit;

import io.tradewind.benchmarks.audit.Audit.Difference;
import io.tradewind.benchmarks.audit.Audit.Kind;
import java.util.List;
import java.util.Map;

/**
 * The verdict.
 *
 * @param unknown orders whose sender was not told how they ended
 * @param inLog orders of the run in the log
 * @param unknownInLog those of them whose outcome was unknown
 * @param filled orders of the run that the log holds as filled
 * @param inPostgres orders of the run with a row; -1 when the tables were not read
 * @param differences how many there are of each kind
 * @param listed the first of them
 */
public record AuditResult(
        int acknowledged,
        int unknown,
        int denied,
        int inLog,
        int unknownInLog,
        int filled,
        int inPostgres,
        Map<Kind, Integer> differences,
        List<Difference> listed) {

    public boolean holds() {
        return differences.isEmpty();
    }
}
