package io.tradewind.contracts.state;

import java.util.Objects;

/**
 * The name of an entity.
 *
 * @param domain what kind of thing it is, see {@link Domains}; a new domain needs no change in the state-store
 * @param partitionKey whose it is (an account, a feed); decides the partition
 * @param id which one; ids of one domain and partition key are listed in their text order
 */
public record EntityKey(String domain, String partitionKey, String id) {

    public EntityKey {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(partitionKey, "partitionKey");
        Objects.requireNonNull(id, "id");
        Partitions.checkKey(partitionKey);
    }

    public int partition() {
        return Partitions.of(partitionKey);
    }

    @Override
    public String toString() {
        return domain + "/" + partitionKey + "/" + id;
    }
}
