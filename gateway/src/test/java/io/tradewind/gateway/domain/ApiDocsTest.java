package io.tradewind.gateway.domain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.orders.DenialCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Codes are a promise to clients: each stands in the API document with its number and its name. */
class ApiDocsTest {

    @Test
    void shouldListEveryCode() throws IOException {
        String docs = Files.readString(Path.of("../docs/API.md"));
        for (DenialCode code : DenialCode.values()) {
            assertListed(docs, code.apiCode(), code.name());
        }
        for (ApiCode code : ApiCode.values()) {
            assertListed(docs, code.apiCode(), code.name());
        }
    }

    private static void assertListed(String docs, int number, String name) {
        String row = "| " + number + " | `" + name + "` |";
        assertTrue(docs.contains(row), "docs/API.md has no row that begins with: " + row);
    }
}
