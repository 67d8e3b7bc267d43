package io.tradewind.embeddedservers;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Properties;

/**
 * Which of the shipped binaries fit this machine.
 *
 * @param name short name, part of the cache folders' names, such as {@code linux-amd64}
 * @param redisResource class path resource holding the redis-server binary itself
 * @param postgresResource class path resource holding the Postgres archive (tar in xz)
 */
record Platform(String name, String redisResource, String postgresResource) {
    private static final Platform LINUX_AMD64 =
            new Platform("linux-amd64", "redis-server-6.2.6-v5-linux-amd64", "postgres-linux-x86_64.txz");
    private static final Platform LINUX_ARM64 =
            new Platform("linux-arm64", "redis-server-6.2.7-linux-arm64", "postgres-linux-arm_64.txz");
    private static final Platform DARWIN_AMD64 =
            new Platform("darwin-amd64", "redis-server-6.2.6-v5-darwin-amd64", "postgres-darwin-x86_64.txz");
    private static final Platform DARWIN_ARM64 =
            new Platform("darwin-arm64", "redis-server-6.2.6-v5-darwin-arm64", "postgres-darwin-arm_64.txz");

    /** The platform of this JVM. */
    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Platform of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        boolean arm64 = osArch.equals("aarch64") || osArch.equals("arm64");
        boolean amd64 = osArch.equals("amd64") || osArch.equals("x86_64");
        if (os.equals("linux") && (arm64 || amd64)) {
            return arm64 ? LINUX_ARM64 : LINUX_AMD64;
        }
        if (os.startsWith("mac") && (arm64 || amd64)) {
            return arm64 ? DARWIN_ARM64 : DARWIN_AMD64;
        }
        throw new EmbeddedServerException("No embedded Redis and Postgres for " + osName + " on " + osArch
                + " (there are linux and macOS, each on amd64 and arm64). Run your own servers and set redis.uri and"
                + " postgres.uri.");
    }

    /** Version of the shipped binaries' Maven artifact, {@code server} being {@code redis} or {@code postgres}. */
    static String artifactVersion(String server) {
        Properties versions = new Properties();
        try (InputStream in = Platform.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new EmbeddedServerException("versions.properties of embedded-servers cannot be read", e);
        }
        return versions.getProperty(server);
    }
}
