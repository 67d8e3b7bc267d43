package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-amd64",
        "Linux, aarch64, linux-arm64",
        "Mac OS X, x86_64, darwin-amd64",
        "Mac OS X, aarch64, darwin-arm64"
    })
    void shouldHaveBothServersForEachPlatform(String os, String arch, String name) {
        Platform platform = Platform.of(os, arch);

        assertEquals(name, platform.name());
        assertNotNull(Platform.class.getResource("/" + platform.redisResource()), platform.redisResource());
        assertNotNull(Platform.class.getResource("/" + platform.postgresResource()), platform.postgresResource());
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, riscv64"})
    void shouldSayWhatToDoElsewhere(String os, String arch) {
        EmbeddedServerException failure = assertThrows(EmbeddedServerException.class, () -> Platform.of(os, arch));

        assertTrue(failure.getMessage().contains("redis.uri"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"redis", "postgres"})
    void shouldKnowTheShippedVersions(String server) {
        assertTrue(Platform.artifactVersion(server).matches("[0-9.]+"), Platform.artifactVersion(server));
    }
}
