package io.tradewind.statestore.domain;

/**
 * Who holds a partition, as Redis says.
 *
 * @param member the id of the owner; empty when nobody owns the partition
 * @param epoch its fencing number; 0 when the partition never had an owner
 * @param version the last version in the log
 */
public record Holder(String member, long epoch, long version) {

    public boolean isNobody() {
        return member.isEmpty();
    }
}
