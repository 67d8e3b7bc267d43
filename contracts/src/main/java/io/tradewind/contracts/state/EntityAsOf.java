package io.tradewind.contracts.state;

/** What is known of an entity as of an earlier version of its partition. */
public sealed interface EntityAsOf {

    /**
     * What an answer to {@link ReadHistory#asOf} says.
     *
     * @param page that of the query, all of its continuations included
     */
    static EntityAsOf of(EntityKey key, long version, HistoryPage page) {
        if (version > page.headVersion()) {
            return new NotYet(page.headVersion());
        }
        if (!page.changes().isEmpty()) {
            EntityChange last = page.changes().get(0);
            return last.isDelete()
                    ? new Absent(last.version())
                    : new Found(new Entity(key, last.version(), last.timeMs(), last.json()));
        }
        return switch (page.end()) {
            case NOT_KEPT -> new NotKept(page.lookedBackTo());
            case OUT_OF_REACH -> new OutOfReach(page.lookedBackTo(), page.reason());
            case BEGINNING, MORE -> new Absent(0);
        };
    }

    /** It was this, with the version and time of its last change until then. */
    record Found(Entity entity) implements EntityAsOf {}

    /**
     * It did not exist.
     *
     * @param deletedVersion the version that had deleted it; 0: there had never been one
     */
    record Absent(long deletedVersion) implements EntityAsOf {}

    /**
     * The partition has not come to that version yet.
     *
     * @param headVersion the one that it has
     */
    record NotYet(long headVersion) implements EntityAsOf {}

    /**
     * Nobody knows any more: its last change until then is older than what is kept.
     *
     * @param oldestVersion the entity did not change from this version on until the one asked for; no earlier one can be
     *     told about
     */
    record NotKept(long oldestVersion) implements EntityAsOf {}

    /**
     * It cannot be told now: what is needed is in the archive, which is not configured or does not answer.
     *
     * @param oldestVersion as in {@link NotKept}, for now
     * @param reason in words
     */
    record OutOfReach(long oldestVersion, String reason) implements EntityAsOf {}
}
