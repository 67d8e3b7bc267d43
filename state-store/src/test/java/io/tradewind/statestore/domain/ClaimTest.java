package io.tradewind.statestore.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.statestore.domain.Claim.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClaimTest {

    private static final long PATIENCE_MS = 5_000;
    private static final String SELF = "self";
    private static final Holder NOBODY = new Holder("", 3, 7);
    private static final Holder OTHER = new Holder("other", 4, 7);

    private final Claim claim = new Claim(SELF, PATIENCE_MS);

    @Test
    void shouldTakeNothingThatIsNotWanted() {
        assertEquals(Move.WAIT, claim.decide(NOBODY, false, 0));
    }

    @Test
    void shouldTakeAtOnceWhatNobodyHoldsOrItHoldsItself() {
        claim.want(true, 0);
        assertEquals(Move.TAKE, claim.decide(NOBODY, false, 0));
        assertEquals(Move.TAKE, claim.decide(new Holder(SELF, 9, 7), true, 0));
    }

    @Test
    void shouldTakeAtOnceFromAHolderThatGivesNoSignOfLife() {
        claim.want(true, 0);
        assertEquals(Move.TAKE, claim.decide(OTHER, false, 0));
    }

    @Test
    void shouldGiveALivingHolderTimeToHandOverButNotForEver() {
        claim.want(true, 100);
        assertEquals(Move.WAIT, claim.decide(OTHER, true, 100));
        assertEquals(Move.WAIT, claim.decide(OTHER, true, 99 + PATIENCE_MS));
        assertEquals(Move.TAKE, claim.decide(OTHER, true, 100 + PATIENCE_MS));
    }

    @Test
    void shouldGiveWayToWhoTookItAsLongAsThatOneLives() {
        claim.want(true, 0);
        claim.taken();
        claim.lost();
        assertEquals(Move.WAIT, claim.decide(OTHER, true, 100 * PATIENCE_MS));
        assertEquals(Move.TAKE, claim.decide(NOBODY, false, 100), "handed over");
        assertEquals(Move.TAKE, claim.decide(OTHER, false, 100), "died");
    }

    @Test
    void shouldForgetALossWhenThePartitionBelongedToAnotherMemberMeanwhile() {
        claim.want(true, 0);
        claim.lost();
        claim.want(false, 10);
        claim.want(true, 20);
        assertEquals(Move.WAIT, claim.decide(OTHER, true, 20), "patience begins anew");
        assertEquals(Move.TAKE, claim.decide(OTHER, true, 20 + PATIENCE_MS));
    }

    /** One partition as Redis has it. */
    private static final class Head {
        String owner = "";
        long epoch;
    }

    /** A member that believes what it likes about the cluster, and checks its epoch now and then. */
    private static final class Member {
        final String id;
        final Claim claim;
        boolean held;
        long epoch;

        Member(String id) {
            this.id = id;
            this.claim = new Claim(id, PATIENCE_MS);
        }
    }

    @Test
    void shouldComeToRestWhenTwoMembersBothBelieveToBeTheOwner() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int round = 0; round < 2_000; round++) {
            Random random = new Random(seed + round);
            String replay = "replay with -Dseed=" + (seed + round);
            Head head = new Head();
            List<Member> members = List.of(new Member("a"), new Member("b"));
            List<String> takeovers = new ArrayList<>();
            for (Member member : members) {
                member.claim.want(true, 0);
            }
            long now = 0;
            for (int step = 0; step < 400; step++) {
                now += random.nextInt(200);
                Member member = members.get(random.nextInt(2));
                if (member.held && member.epoch != head.epoch) {
                    member.held = false;
                    member.claim.lost();
                } else if (!member.held) {
                    Holder seen = new Holder(head.owner, head.epoch, 0);
                    if (member.claim.decide(seen, true, now) == Move.TAKE) {
                        head.owner = member.id;
                        member.epoch = ++head.epoch;
                        member.held = true;
                        member.claim.taken();
                        takeovers.add(member.id);
                    }
                }
            }
            assertTrue(takeovers.size() <= 2, replay + ": " + takeovers);
            assertEquals(
                    1,
                    members.stream()
                            .filter(m -> m.held && m.epoch == head.epoch)
                            .count(),
                    replay);
        }
    }
}
