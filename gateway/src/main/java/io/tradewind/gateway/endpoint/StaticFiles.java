package io.tradewind.gateway.endpoint;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of the dashboard, read once from the class path when the gateway starts. Loading blocks; afterwards
 * immutable, any thread.
 */
public final class StaticFiles {

    static final String INDEX = "index.html";

    private static final String ROOT = "dashboard";
    private static final int ETAG_BYTES = 12;
    private static final String UTF_8 = "; charset=utf-8";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html" + UTF_8),
            Map.entry("css", "text/css" + UTF_8),
            Map.entry("js", "text/javascript" + UTF_8),
            Map.entry("mjs", "text/javascript" + UTF_8),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("map", "application/json"),
            Map.entry("txt", "text/plain" + UTF_8),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"));

    private final Map<String, File> files;

    private StaticFiles(Map<String, File> files) {
        this.files = files;
    }

    /** @param etag changes with the content */
    record File(String contentType, String etag, Buffer content) {}

    /** All files below {@code dashboard/} on the class path; none when there is no {@code index.html}. */
    public static StaticFiles load() {
        URL index = StaticFiles.class.getClassLoader().getResource(ROOT + "/" + INDEX);
        if (index == null) {
            return new StaticFiles(Map.of());
        }
        try {
            if (index.getProtocol().equals("jar")) {
                Path jar = Path.of(((JarURLConnection) index.openConnection())
                        .getJarFileURL()
                        .toURI());
                try (FileSystem inside = FileSystems.newFileSystem(jar)) {
                    return below(inside.getPath("/" + ROOT));
                }
            }
            return below(Path.of(index.toURI()).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("the dashboard cannot be read from " + index, e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the dashboard cannot be read from " + index, e);
        }
    }

    private static StaticFiles below(Path root) throws IOException {
        Map<String, File> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(path).toString().replace('\\', '/');
                byte[] content = Files.readAllBytes(path);
                files.put(name, new File(contentType(name), etag(content), Buffer.buffer(content)));
            }
        }
        return new StaticFiles(files);
    }

    /** By their path below the root. */
    Map<String, File> files() {
        return files;
    }

    private static String contentType(String name) {
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }

    private static String etag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + Base64.getUrlEncoder().encodeToString(hash).substring(0, ETAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
