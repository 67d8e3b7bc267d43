package io.tradewind.gateway.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;

/**
 * Remembers which tickets were used until they are over anyway, so that each lets somebody in once. One per process,
 * shared by its event loops; each call holds the lock for a moment. After a restart it is empty: a ticket may then be
 * used again within what is left of its minutes.
 */
public final class UsedTickets {

    /** Tickets remembered; when so many are used within their lifetime, further ones are refused. */
    public static final int MAX_REMEMBERED = 10_000;

    private final Set<String> used = new HashSet<>();
    private final Queue<Tickets.Ticket> byExpiry = new PriorityQueue<>(Comparator.comparing(Tickets.Ticket::expiry));
    private final int max;

    public UsedTickets() {
        this(MAX_REMEMBERED);
    }

    UsedTickets(int max) {
        this.max = max;
    }

    /** @return whether this is its first use */
    public synchronized boolean use(Tickets.Ticket ticket, Instant now) {
        while (!byExpiry.isEmpty() && !byExpiry.peek().expiry().isAfter(now)) {
            used.remove(name(byExpiry.remove()));
        }
        if (used.size() >= max || !used.add(name(ticket))) {
            return false;
        }
        byExpiry.add(ticket);
        return true;
    }

    private static String name(Tickets.Ticket ticket) {
        return ticket.key().keyId() + "." + ticket.nonce();
    }
}
