package io.tradewind.servicekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RendezvousTest {

    private static final int NUMBERS = 10_000;
    private static final int ROUNDS = 200;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private List<String> members(int count) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new UUID(random.nextLong(), random.nextLong()).toString());
        }
        return members;
    }

    @Test
    void shouldHaveNoOwnerWithoutMembersAndTheOnlyOneWithOne() {
        assertEquals(Optional.empty(), Rendezvous.owner(3, List.of()));
        assertEquals(Optional.of("a"), Rendezvous.owner(3, List.of("a")));
    }

    @Test
    void shouldNotDependOnTheOrderInWhichMembersAreListed() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> members = members(1 + random.nextInt(8));
            int number = random.nextInt(NUMBERS);
            Optional<String> owner = Rendezvous.owner(number, members);
            Collections.shuffle(members, random);
            assertEquals(owner, Rendezvous.owner(number, members), "seed " + seed);
        }
    }

    @Test
    void shouldSpreadNumbersEvenly() {
        for (int count = 2; count <= 8; count++) {
            Map<String, Integer> owned = new HashMap<>();
            List<String> members = members(count);
            for (int number = 0; number < NUMBERS; number++) {
                owned.merge(Rendezvous.owner(number, members).orElseThrow(), 1, Integer::sum);
            }
            double fair = (double) NUMBERS / count;
            for (String member : members) {
                // Ten standard deviations and more: chance alone does not get there.
                assertEquals(
                        fair, owned.getOrDefault(member, 0), 0.25 * fair, "seed " + seed + ", " + count + " members");
            }
        }
    }

    @Test
    void shouldMoveOnlyWhatTheLeavingMemberHad() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> before = members(2 + random.nextInt(6));
            List<String> after = new ArrayList<>(before);
            String gone = after.remove(random.nextInt(after.size()));
            for (int number = 0; number < 64; number++) {
                String was = Rendezvous.owner(number, before).orElseThrow();
                if (!was.equals(gone)) {
                    assertEquals(was, Rendezvous.owner(number, after).orElseThrow(), "seed " + seed);
                }
            }
        }
    }

    @Test
    void shouldMoveOnlyToTheMemberThatJoins() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> before = members(1 + random.nextInt(6));
            List<String> after = new ArrayList<>(before);
            String joined = members(1).get(0);
            after.add(joined);
            for (int number = 0; number < 64; number++) {
                String now = Rendezvous.owner(number, after).orElseThrow();
                assertTrue(
                        now.equals(joined)
                                || now.equals(Rendezvous.owner(number, before).orElseThrow()),
                        "seed " + seed);
            }
        }
    }

    @Test
    void shouldGiveTheSameOwnerInEveryRelease() {
        // Members of one cluster have to compute alike: these values are part of the protocol.
        List<String> members = List.of("alpha", "beta", "gamma");
        StringBuilder owners = new StringBuilder();
        for (int number = 0; number < 16; number++) {
            owners.append(Rendezvous.owner(number, members).orElseThrow().charAt(0));
        }
        assertEquals("gaggaaggbaabbaab", owners.toString());
    }
}
