package io.tradewind.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.ReadLog;
import io.tradewind.contracts.wire.WireCodec;
import io.tradewind.contracts.wire.WireFormatException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MessageCodecsTest {

    /** Bytes of version and length. */
    private static final int HEADER = 5;

    static Stream<Arguments> codecs() {
        return MessageCodecs.all().stream()
                .map(codec -> Arguments.argumentSet(codec.type().getSimpleName(), codec));
    }

    private static List<?> samples(WireCodec<?> codec) {
        List<?> samples = Samples.all().get(codec.type());
        assertNotNull(samples, "no sample of " + codec.type());
        return samples;
    }

    private static <T> byte[] encode(WireCodec<T> codec, Object message) {
        Buffer buffer = Buffer.buffer();
        codec.encodeToWire(buffer, codec.type().cast(message));
        return buffer.getBytes();
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void shouldComeBackFromTheWire(WireCodec<?> codec) {
        for (Object message : samples(codec)) {
            // In the middle of a buffer, as Vert.x hands it over.
            byte[] encoded = encode(codec, message);
            Buffer frame = Buffer.buffer("head").appendBytes(encoded).appendString("tail");
            assertEquals(message, codec.decodeFromWire(4, frame));
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void shouldBeTheBytesThatOtherProcessesRead(WireCodec<?> codec) throws Exception {
        Object message = samples(codec).get(0);
        String name = "messages-v" + codec.version() + "/" + codec.type().getSimpleName() + ".hex";
        String about = codec.name() + ", format " + codec.version() + ", as Samples makes it";
        Golden.assertBytes(name, about, encode(codec, message));
        assertEquals(message, codec.decodeFromWire(0, Buffer.buffer(Golden.read(name))));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void shouldRefuseAnotherVersionClearly(WireCodec<?> codec) {
        byte[] encoded = encode(codec, samples(codec).get(0));
        for (int version : new int[] {0, codec.version() - 1, codec.version() + 1, 127, -1}) {
            encoded[0] = (byte) version;
            String message = assertThrows(
                            WireFormatException.class, () -> codec.decodeFromWire(0, Buffer.buffer(encoded)))
                    .getMessage();
            assertEquals(
                    codec.type().getSimpleName() + " in format " + version + "; this program reads format "
                            + codec.version() + ": run the same release on every member",
                    message);
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void shouldRefuseEveryTruncation(WireCodec<?> codec) {
        byte[] encoded = encode(codec, samples(codec).get(0));
        for (int length = 0; length < encoded.length; length++) {
            Buffer cut = Buffer.buffer(Arrays.copyOf(encoded, length));
            assertThrows(WireFormatException.class, () -> codec.decodeFromWire(0, cut), length + " bytes");
            if (length >= HEADER) {
                cut.setInt(1, length - HEADER);
                assertThrows(WireFormatException.class, () -> codec.decodeFromWire(0, cut), length + " bytes");
            }
        }
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, encoded.length}) {
            Buffer lying = Buffer.buffer(encoded).setInt(1, length);
            assertThrows(WireFormatException.class, () -> codec.decodeFromWire(0, lying), length + " claimed");
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void shouldEndDamageInAMessageOrARefusalOnly(WireCodec<?> codec) {
        byte[] encoded = encode(codec, samples(codec).get(0));
        Seeds.each(1_000, (seed, random) -> {
            Buffer damaged = Buffer.buffer(encoded.clone());
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged.setByte(random.nextInt(encoded.length), (byte) random.nextInt(256));
            }
            try {
                assertNotNull(codec.decodeFromWire(0, damaged));
            } catch (WireFormatException e) {
                assertNotNull(e.getMessage());
            }
        });
    }

    @Test
    void shouldRefuseAMessageThatItsRecordRefuses() {
        WireCodec<?> codec = MessageCodecs.all().stream()
                .filter(c -> c.type() == ReadLog.class)
                .findFirst()
                .orElseThrow();
        // Partition 99 behind version 0, one transaction.
        Buffer buffer = Buffer.buffer(new byte[] {1, 0, 0, 0, 3, 99, 0, 1});
        String message = assertThrows(WireFormatException.class, () -> codec.decodeFromWire(0, buffer))
                .getMessage();
        assertEquals("tradewind.ReadLog is not valid: partition 99: must be within 0..15", message);
    }

    @Test
    void shouldHaveASampleOfEachTypeAndANameOfItsOwn() {
        List<WireCodec<?>> codecs = MessageCodecs.all();
        Set<Class<?>> types = codecs.stream().map(WireCodec::type).collect(Collectors.toSet());
        assertEquals(Samples.all().keySet(), types);
        assertEquals(codecs.size(), types.size());
        Set<String> names = new HashSet<>();
        for (WireCodec<?> codec : codecs) {
            assertTrue(names.add(codec.name()), codec.name() + " twice");
            assertTrue(codec.name().startsWith("tradewind."));
            assertEquals(-1, codec.systemCodecID());
        }
    }

    @Test
    void shouldPassTheRecordItselfWithinOneVertx() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            MessageCodecs.registerAll(vertx.eventBus());
            for (List<?> samples : Samples.all().values()) {
                Object message = samples.get(0);
                CompletableFuture<Object> heard = new CompletableFuture<>();
                String address = message.getClass().getName();
                vertx.eventBus().consumer(address, m -> {
                    heard.complete(m.body());
                    m.reply(m.body());
                });
                Message<Object> reply = await(vertx.eventBus().request(address, message));
                assertSame(message, heard.get(60, TimeUnit.SECONDS));
                assertSame(message, reply.body());
            }
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void shouldRefuseToBeRegisteredTwice() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            MessageCodecs.registerAll(vertx.eventBus());
            assertThrows(IllegalStateException.class, () -> MessageCodecs.registerAll(vertx.eventBus()));
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
