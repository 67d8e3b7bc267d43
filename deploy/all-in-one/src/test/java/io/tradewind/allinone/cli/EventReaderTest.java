package io.tradewind.allinone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tradewind.allinone.cli.EventReader.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    @Test
    void shouldReadEventsAndSkipHeartbeats() throws IOException {
        try (EventReader events = reader("""
                retry: 1000

                : heartbeat

                id: c1
                event: orders
                data: {"a":1}

                id:c2
                event:positions
                data:line one
                data:line two

                """)) {
            assertEquals(new Event("c1", "orders", "{\"a\":1}"), events.next());
            assertEquals(new Event("c2", "positions", "line one\nline two"), events.next());
            assertNull(events.next());
        }
    }

    @Test
    void shouldKeepTheLastIdForEventsWithoutOne() throws IOException {
        try (EventReader events = reader("id: c1\ndata: x\n\ndata: y\n\n")) {
            assertEquals("c1", events.next().id());
            assertEquals(new Event("c1", "message", "y"), events.next());
        }
    }

    @Test
    void shouldDropAnEventThatIsCutOff() throws IOException {
        try (EventReader events = reader("event: orders\ndata: {\"half")) {
            assertNull(events.next());
        }
    }

    private static EventReader reader(String text) {
        return new EventReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
