package io.tradewind.statestore.domain;

/**
 * Decides when a member that should own a partition, as it sees the cluster, may take it. The fence in Redis makes every
 * decision safe; this one makes them orderly, and makes two members that both believe to be the owner come to rest:
 *
 * <ul>
 *   <li>what nobody holds, or what is held by a process that gives no sign of life any more, is taken at once;
 *   <li>a living holder is given time to hand over, also one that this member does not see in the cluster: after a pause
 *       it is this member that is out of it, for a while;
 *   <li>after the partition was taken away from this member, the one that took it keeps it as long as it lives: it has
 *       to hand over by itself, as it will when it sees the same cluster. Whoever lost gives way, so nobody fights.
 * </ul>
 *
 * Pure; one claim per partition, on one thread.
 */
public final class Claim {

    /** What to do about a partition that should be owned and is not. */
    public enum Move {
        /** Take it over with the epoch that was seen. */
        TAKE,
        /** Look again in a moment. */
        WAIT
    }

    private final String self;
    private final long patienceMs;
    private boolean wanted;
    private boolean lost;
    private long waitingSinceMs;

    /** @param patienceMs how long a living holder may take to hand over, before it is replaced without being asked */
    public Claim(String self, long patienceMs) {
        this.self = self;
        this.patienceMs = patienceMs;
    }

    /** What the cluster looks like now says that this member should own the partition, or should not. */
    public void want(boolean should, long nowMs) {
        if (should && !wanted) {
            waitingSinceMs = nowMs;
        }
        if (!should) {
            lost = false;
        }
        wanted = should;
    }

    public boolean isWanted() {
        return wanted;
    }

    /** Another member took the partition away. */
    public void lost() {
        lost = true;
    }

    /** The partition was taken. */
    public void taken() {
        lost = false;
    }

    /**
     * What to do now.
     *
     * @param holder who holds the partition
     * @param alive whether the holder has given a sign of life of late, through Redis
     */
    public Move decide(Holder holder, boolean alive, long nowMs) {
        if (!wanted) {
            return Move.WAIT;
        }
        if (holder.isNobody() || holder.member().equals(self) || !alive) {
            return Move.TAKE;
        }
        return !lost && nowMs - waitingSinceMs >= patienceMs ? Move.TAKE : Move.WAIT;
    }
}
