package io.tradewind.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HttpResponseParserTest {

    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 11\r\n"
            + "X-RateLimit-Limit: 100\r\n\r\n{\"id\":\"ab\"}";

    private final HttpResponseParser parser = new HttpResponseParser();
    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldReadAnAnswerInOnePiece() {
        feed(OK);
        assertEquals(List.of("200 {\"id\":\"ab\"} true"), seen);
    }

    @Test
    void shouldReadAnAnswerByteByByte() {
        for (int i = 0; i < OK.length(); i++) {
            assertTrue(seen.isEmpty());
            feed(OK.substring(i, i + 1));
        }
        assertEquals(List.of("200 {\"id\":\"ab\"} true"), seen);
    }

    @Test
    void shouldReadPipelinedAnswersInAnyPortions() {
        String stream = OK
                + "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 17\r\n\r\n{\"code\":42910001}"
                + "HTTP/1.1 204 No Content\r\n\r\n"
                + "HTTP/1.1 503 \r\nCONTENT-LENGTH:0\r\nConnection: close\r\n\r\n";
        List<String> expected =
                List.of("200 {\"id\":\"ab\"} true", "429 {\"code\":42910001} true", "204  true", "503  false");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            seen.clear();
            int at = 0;
            while (at < stream.length()) {
                int next = Math.min(stream.length(), at + 1 + random.nextInt(80));
                feed(stream.substring(at, next));
                at = next;
            }
            assertEquals(expected, seen, "seed " + seed + ", round " + round);
        }
    }

    @Test
    void shouldReadABodyLargerThanItsFirstBuffer() {
        String body = "x".repeat(100_000);
        feed(OK + "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        for (int at = 0; at < body.length(); at += 10_000) {
            feed(body.substring(at, at + 10_000));
        }
        assertEquals("200 " + body + " true", seen.get(1));
    }

    @Test
    void shouldForgetHalfAnAnswerWhenReset() {
        feed(OK.substring(0, OK.length() - 3));
        parser.reset();
        feed(OK);
        assertEquals(1, seen.size());
    }

    @Test
    void shouldRefuseChunkedAnswersByName() {
        refuse("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "transfer-encoding");
    }

    @Test
    void shouldRefuseWhatItCannotRead() {
        refuse("HTTP/1.1 200 OK\r\nserver: x\r\n\r\n", "without content-length");
        refuse("SSH-2.0-OpenSSH_9.2\r\n\r\n", "not an HTTP/1.1 answer");
        refuse("HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n", "999");
        refuse("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n", "-5");
        refuse("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", "99999999999");
        refuse("HTTP/1.1 200 OK\r\nx: " + "y".repeat(HttpResponseParser.MAX_HEAD_BYTES), "longer than");
    }

    private void refuse(String answer, String why) {
        parser.reset();
        HttpFormatException refused = assertThrows(HttpFormatException.class, () -> feed(answer));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    private void feed(String bytes) {
        parser.feed(
                Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII),
                (status, array, at, length, keepAlive) -> seen.add(
                        status + " " + new String(array, at, length, StandardCharsets.US_ASCII) + " " + keepAlive));
    }
}
