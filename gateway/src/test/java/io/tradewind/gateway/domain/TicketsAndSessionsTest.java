package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketsAndSessionsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final KeyRing keys = TestKeys.ring();

    @Test
    void shouldAcceptASessionUntilItIsOver() {
        String token = Sessions.mint(TestKeys.key(), NOW, MINUTE);

        assertEquals(TestKeys.ID, Sessions.verify(token, keys, NOW).keyId());
        assertNotNull(Sessions.verify(token, keys, NOW.plusSeconds(59)));
        assertNull(Sessions.verify(token, keys, NOW.plusSeconds(60)));
    }

    @Test
    void shouldRefuseASessionThatWasTamperedWithOrWhoseSecretChanged() {
        String token = Sessions.mint(TestKeys.key(), NOW, MINUTE);
        String[] parts = token.split("\\.", -1);
        String longer = parts[0] + "." + (Long.parseLong(parts[1]) + 1) + "." + parts[2];
        ApiKey renewed = new ApiKey(TestKeys.ID, TestKeys.sha256("new"), "a", EnumSet.allOf(Scope.class));

        assertNull(Sessions.verify(longer, keys, NOW));
        assertNull(Sessions.verify("", keys, NOW));
        assertNull(Sessions.verify("a.b.c", keys, NOW));
        assertNull(Sessions.verify(token + "x", keys, NOW));
        assertNull(Sessions.verify(token, KeyRing.of(List.of(renewed)), NOW));
    }

    @Test
    void shouldAcceptATicketMintedFromTheKeysFile() {
        String ticket =
                Tickets.mint(TestKeys.ID, TestKeys.sha256(TestKeys.SECRET), InstantSource.fixed(NOW), MINUTE, "n1");

        Tickets.Ticket verified = Tickets.verify(ticket, keys, NOW.plusSeconds(59));

        assertEquals(TestKeys.ID, verified.key().keyId());
        assertEquals("n1", verified.nonce());
        assertNull(Tickets.verify(ticket, keys, NOW.plusSeconds(60)));
        assertNull(Tickets.verify(ticket.replace("n1", "n2"), keys, NOW));
        assertNull(Tickets.verify("nonsense", keys, NOW));
    }

    @Test
    void shouldNotTakeASessionForATicketOrTheReverse() {
        String ticket = Tickets.mint(TestKeys.key(), NOW, MINUTE, "n1");
        String session = Sessions.mint(TestKeys.key(), NOW, MINUTE);

        assertNull(Sessions.verify(ticket, keys, NOW));
        assertNull(Tickets.verify(session, keys, NOW));
    }

    @Test
    void shouldBoundTheLifeOfATicket() {
        Duration tooLong = Tickets.MAX_LIFETIME.plusSeconds(1);

        assertThrows(IllegalArgumentException.class, () -> Tickets.mint(TestKeys.key(), NOW, tooLong, "n"));
        assertThrows(IllegalArgumentException.class, () -> Tickets.mint(TestKeys.key(), NOW, Duration.ZERO, "n"));
    }

    @Test
    void shouldUseATicketOnceAndForgetItWhenItIsOver() {
        UsedTickets used = new UsedTickets(2);

        assertTrue(used.use(ticket("a", 10), NOW));
        assertFalse(used.use(ticket("a", 10), NOW));
        assertTrue(used.use(ticket("b", 20), NOW));
        assertFalse(used.use(ticket("c", 30), NOW), "full");
        assertTrue(used.use(ticket("c", 30), NOW.plusSeconds(10)), "a is over and forgotten");
        assertFalse(used.use(ticket("b", 20), NOW.plusSeconds(10)));
    }

    private static Tickets.Ticket ticket(String nonce, int seconds) {
        return new Tickets.Ticket(TestKeys.key(), nonce, NOW.plusSeconds(seconds));
    }
}
