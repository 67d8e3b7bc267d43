package io.tradewind.gateway.domain;

import io.tradewind.contracts.state.EntityKey;
import io.tradewind.contracts.state.Partitions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which changes a stream carries: some topics, as one account sees them. Clients with equal filters are sent the same
 * bytes. Immutable.
 */
public record SubscriptionFilter(String account, Set<Topic> topics) {

    public SubscriptionFilter {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("a filter needs a topic");
        }
        topics = Set.copyOf(EnumSet.copyOf(topics));
    }

    /** The partitions that hold what it asks for, ascending. */
    public List<Integer> partitions() {
        return topics.stream()
                .flatMap(topic -> topic.partitionKeys(account).stream())
                .map(Partitions::of)
                .distinct()
                .sorted()
                .toList();
    }

    /** @return the topic under which the entity is sent, or {@code null} when it is not */
    public Topic topicOf(EntityKey key) {
        for (Topic topic : topics) {
            if (topic.domain().equals(key.domain())
                    && topic.partitionKeys(account).contains(key.partitionKey())) {
                return topic;
            }
        }
        return null;
    }
}
