package io.tradewind.contracts.state;

/** What is known of an entity as of an earlier version of its partition. */
public sealed interface EntityAsOf {

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
