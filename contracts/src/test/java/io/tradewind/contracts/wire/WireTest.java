package io.tradewind.contracts.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WireTest {

    private enum Colour {
        RED,
        BLUE
    }

    private static WireReader hex(String bytes) {
        return new WireReader(HexFormat.of().parseHex(bytes));
    }

    private static WireReader reader(WireWriter out) {
        assertEquals(out.length(), out.toBytes().length);
        return new WireReader(out.toBytes());
    }

    private static String refusal(Runnable read) {
        return assertThrows(WireFormatException.class, read::run).getMessage();
    }

    @ParameterizedTest
    @CsvSource({
        "0,00",
        "1,01",
        "127,7f",
        "128,8001",
        "16383,ff7f",
        "16384,808001",
        "9223372036854775807,ffffffffffffffff7f",
        "-1,ffffffffffffffffff01",
        "-9223372036854775808,80808080808080808001"
    })
    void shouldWriteVarintsInTheirShortestForm(long value, String bytes) {
        byte[] written = new WireWriter().writeVarint(value).toBytes();
        assertEquals(bytes, HexFormat.of().formatHex(written));
        WireReader in = new WireReader(written);
        assertEquals(value, in.readVarint());
        in.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8000", // zero in two bytes
                "ff8000",
                "80808080808080808000",
                "80808080808080808002", // the 65th bit
                "ffffffffffffffffff7f",
                "8080808080808080808001", // eleven bytes
                "ffffffffffffffffffffffffffff"
            })
    void shouldRefuseVarintsThatNoWriterMakes(String bytes) {
        assertTrue(refusal(() -> hex(bytes).readVarint()).startsWith("varint "));
    }

    @Test
    void shouldRefuseNumbersThatAreNoCount() {
        assertEquals(
                Integer.MAX_VALUE,
                reader(new WireWriter().writeVarint(Integer.MAX_VALUE)).readInt());
        for (long value : new long[] {Integer.MAX_VALUE + 1L, Long.MAX_VALUE, -1}) {
            WireReader in = reader(new WireWriter().writeVarint(value));
            assertTrue(refusal(in::readInt).contains(Long.toString(value)));
        }
    }

    @Test
    void shouldKeepNullApartFromEmpty() {
        WireReader in = reader(new WireWriter()
                .writeText(null)
                .writeText("")
                .writeBytes(null)
                .writeBytes(new byte[0])
                .writeDecimal(null)
                .writeEnum(null));
        assertNull(in.readText());
        assertEquals("", in.readText());
        assertNull(in.readBytes());
        assertArrayEquals(new byte[0], in.readBytes());
        assertNull(in.readDecimal());
        assertNull(in.readEnum(Colour.class));
        in.expectEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAPL", "Zürich", "株式", "🚀", "a\u0000b", "\uFFFD", "asked � and meant"})
    void shouldKeepText(String text) {
        assertEquals(text, reader(new WireWriter().writeText(text)).readText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02ff", // never in UTF-8
                "02c3", // half a character
                "03c080", // zero, too long
                "04eda080", // half a surrogate pair
                "05efbfbdff" // one that is meant, one that is not
            })
    void shouldRefuseTextThatIsNotUtf8(String bytes) {
        assertTrue(refusal(() -> hex(bytes).readText()).contains("not UTF-8"));
    }

    @Test
    void shouldRefuseBooleansOtherThanZeroAndOne() {
        assertFalse(hex("00").readBoolean());
        assertTrue(hex("01").readBoolean());
        for (String bytes : List.of("02", "7f", "80", "ff")) {
            assertTrue(refusal(() -> hex(bytes).readBoolean()).startsWith("boolean "));
        }
    }

    @Test
    void shouldRefuseNamesThatAreNoConstant() {
        WireReader in = reader(new WireWriter().writeText("GREEN"));
        assertEquals("'GREEN' is not a Colour", refusal(() -> in.readEnum(Colour.class)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "12.50", "0.000000001", "999999999999999.999999999", "100000000000000000000"})
    void shouldKeepDecimals(String text) {
        BigDecimal value = new BigDecimal(text);
        assertEquals(value, reader(new WireWriter().writeDecimal(value)).readDecimal());
    }

    @Test
    void shouldWriteDecimalsInPlainNotation() {
        WireWriter out = new WireWriter().writeDecimal(new BigDecimal("1E+3")).writeDecimal(new BigDecimal("1E-7"));
        WireReader in = reader(out);
        assertEquals("1000", in.readText());
        assertEquals("0.0000001", in.readText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1E+3", "", "-", ".", "1.2.3", "1-2", "NaN", "+1", " 1", "１"})
    void shouldRefuseDecimalsThatAreNotPlain(String text) {
        WireReader in = reader(new WireWriter().writeText(text));
        assertTrue(refusal(in::readDecimal).contains("not a decimal"));
    }

    @Test
    void shouldBoundDecimalsOnBothSides() {
        String digits = "9".repeat(WireWriter.MAX_DECIMAL_CHARS);
        WireReader longest = reader(new WireWriter().writeText(digits));
        assertEquals(new BigDecimal(digits), longest.readDecimal());
        WireReader tooLong = reader(new WireWriter().writeText(digits + "9"));
        assertTrue(refusal(tooLong::readDecimal).contains("129"));
        for (String value : List.of("1E+999999999", "1E-999999999", digits)) {
            WireWriter out = new WireWriter();
            assertThrows(IllegalArgumentException.class, () -> out.writeDecimal(new BigDecimal(value)));
            assertEquals(0, out.length());
        }
        BigDecimal widest = new BigDecimal("-0." + "1".repeat(62));
        assertEquals(widest, reader(new WireWriter().writeDecimal(widest)).readDecimal());
    }

    @Test
    void shouldRefuseLengthsBeyondTheEndWithoutAllocating() {
        // Each claims far more than there is; the last ones claim what no array can hold.
        for (long claim : new long[] {3, 1000, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            byte[] bytes = new WireWriter().writeVarint(claim).writeByte(7).toBytes();
            assertTrue(refusal(() -> new WireReader(bytes).readBytes()).startsWith("length "));
            assertTrue(refusal(() -> new WireReader(bytes).readText()).startsWith("length "));
        }
    }

    @Test
    void shouldRefuseHugeListsBeforeReadingAnElement() {
        for (long count : new long[] {2, 1_000_000, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            WireReader in = reader(new WireWriter().writeVarint(count).writeByte(0));
            refusal(() -> in.readList(r -> {
                throw new AssertionError("an element was read");
            }));
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] whole = new WireWriter()
                .writeByte(200)
                .writeBoolean(true)
                .writeVarint(1_000_000)
                .writeText("Zürich")
                .writeBytes(new byte[] {1, 2, 3})
                .writeDecimal(new BigDecimal("12.5"))
                .writeEnum(Colour.BLUE)
                .writeList(List.of("a", "", "c"), WireWriter::writeText)
                .toBytes();
        readAll(new WireReader(whole));
        for (int end = 0; end < whole.length; end++) {
            WireReader in = new WireReader(whole, 0, end);
            refusal(() -> readAll(in));
        }
    }

    private static void readAll(WireReader in) {
        assertEquals(200, in.readByte());
        assertTrue(in.readBoolean());
        assertEquals(1_000_000, in.readVarint());
        assertEquals("Zürich", in.readText());
        assertArrayEquals(new byte[] {1, 2, 3}, in.readBytes());
        assertEquals(new BigDecimal("12.5"), in.readDecimal());
        assertEquals(Colour.BLUE, in.readEnum(Colour.class));
        assertEquals(List.of("a", "", "c"), in.readList(WireReader::readText));
        in.expectEnd();
    }

    @Test
    void shouldReadWithinItsRangeOnly() {
        byte[] bytes = {9, 1, 2, 9};
        WireReader in = new WireReader(bytes, 1, 3);
        assertEquals(1, in.readByte());
        assertEquals("1 bytes left over", refusal(in::expectEnd));
        assertArrayEquals(new byte[] {2}, in.readRest());
        in.expectEnd();
        refusal(in::readByte);
        for (int[] range : new int[][] {{-1, 2}, {0, 5}, {3, 2}}) {
            refusal(() -> new WireReader(bytes, range[0], range[1]));
        }
    }

    @Test
    void shouldGrowWithoutLosingBytes() {
        byte[] large = new byte[100_000];
        new Random(1).nextBytes(large);
        WireReader in = reader(new WireWriter().writeBytes(large).writeVarint(5).writeBytes(large));
        assertArrayEquals(large, in.readBytes());
        assertEquals(5, in.readVarint());
        assertArrayEquals(large, in.readBytes());
        in.expectEnd();
    }

    @Test
    void shouldReadBackRandomValues() {
        Seeds.each(500, (seed, random) -> {
            WireWriter out = new WireWriter();
            List<Runnable> checks = new ArrayList<>();
            WireReader[] in = new WireReader[1];
            for (int i = random.nextInt(40); i >= 0; i--) {
                checks.add(writeOne(random, out, in));
            }
            in[0] = reader(out);
            checks.forEach(Runnable::run);
            in[0].expectEnd();
        });
    }

    private static Runnable writeOne(Random random, WireWriter out, WireReader[] in) {
        switch (random.nextInt(5)) {
            case 0 -> {
                long value = random.nextLong() >> random.nextInt(64);
                out.writeVarint(value);
                return () -> assertEquals(value, in[0].readVarint());
            }
            case 1 -> {
                String value = random.nextInt(8) == 0 ? null : randomText(random);
                out.writeText(value);
                return () -> assertEquals(value, in[0].readText());
            }
            case 2 -> {
                BigDecimal value = new BigDecimal(new BigInteger(random.nextInt(80), random), random.nextInt(20));
                out.writeDecimal(value);
                return () -> assertEquals(value, in[0].readDecimal());
            }
            case 3 -> {
                List<String> value = random.ints(random.nextInt(6))
                        .mapToObj(Integer::toString)
                        .toList();
                out.writeList(value, WireWriter::writeText);
                return () -> assertEquals(value, in[0].readList(WireReader::readText));
            }
            default -> {
                byte[] value = new byte[random.nextInt(300)];
                random.nextBytes(value);
                out.writeBytes(value);
                return () -> assertArrayEquals(value, in[0].readBytes());
            }
        }
    }

    private static String randomText(Random random) {
        return random.ints(random.nextInt(20), 0, 0x11000)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void shouldEndRandomBytesInAValueOrARefusalOnly() {
        Seeds.each(20_000, (seed, random) -> {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                // Small numbers make lengths and counts that nearly fit.
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (bytes[i] & 0x0F);
                }
            }
            WireReader in = new WireReader(bytes);
            try {
                for (int i = 0; i < 100; i++) {
                    readOne(random, in);
                }
            } catch (WireFormatException e) {
                assertFalse(e.getMessage().isEmpty());
            }
        });
    }

    private static void readOne(Random random, WireReader in) {
        switch (random.nextInt(8)) {
            case 0 -> in.readVarint();
            case 1 -> in.readInt();
            case 2 -> in.readBoolean();
            case 3 -> {
                String text = in.readText();
                if (text != null) {
                    assertEquals(text, new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
                }
            }
            case 4 -> in.readBytes();
            case 5 -> in.readDecimal();
            case 6 -> in.readEnum(Colour.class);
            default -> in.readList(r -> r.readList(WireReader::readText));
        }
    }

    @Test
    void shouldReadOnlyWhatAWriterWouldWrite() {
        // One value, one form: what can be read is written again as the same bytes.
        Seeds.each(20_000, (seed, random) -> {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (bytes[0] & 0x8F);
            WireReader in = new WireReader(bytes);
            WireWriter again = new WireWriter();
            try {
                if (random.nextBoolean()) {
                    again.writeVarint(in.readVarint());
                } else {
                    again.writeText(in.readText());
                }
            } catch (WireFormatException e) {
                return;
            }
            for (byte b : in.readRest()) {
                again.writeByte(b);
            }
            assertArrayEquals(bytes, again.toBytes());
        });
    }
}
