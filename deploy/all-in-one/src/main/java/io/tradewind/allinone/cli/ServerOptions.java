package io.tradewind.allinone.cli;

import io.tradewind.allinone.datadir.Credentials;
import io.tradewind.allinone.datadir.DataDirectoryException;
import io.tradewind.allinone.datadir.Endpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * Which Tradewind a command talks to: the one that runs on a data directory, or one named by its address. A key found
 * in a data directory is only ever sent to the address found in the same directory.
 */
final class ServerOptions {

    static final String DEFAULT_DATA = "data";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory of the running instance. Default: ./data")
    private Path data = Path.of(DEFAULT_DATA);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of the gateway, instead of a data directory. Also TRADEWIND_URL.")
    private String url;

    @Option(names = "--key", paramLabel = "ID", description = "API key id for --url. Also TRADEWIND_KEY.")
    private String key;

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            description = "Secret of the key; better given as TRADEWIND_SECRET, which other users cannot see.")
    private String secret;

    /** An address and the key to use there. */
    record Server(URI url, Credentials credentials) {}

    /** The data directory; {@code null} when the instance is named by its address. */
    Path directory(Console console) {
        return given(url, console, "TRADEWIND_URL") == null ? console.resolve(data) : null;
    }

    Server resolve(Console console) {
        String address = given(url, console, "TRADEWIND_URL");
        String keyId = given(key, console, "TRADEWIND_KEY");
        String keySecret = given(secret, console, "TRADEWIND_SECRET");
        if (address == null) {
            return fromDirectory(console.resolve(data), keyId, keySecret);
        }
        if (keyId == null || keySecret == null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--url needs --key and --secret (or TRADEWIND_KEY and TRADEWIND_SECRET) to go with it");
        }
        return new Server(address(address), new Credentials(keyId, keySecret));
    }

    private static Server fromDirectory(Path directory, String keyId, String keySecret) {
        try {
            Endpoints endpoints = Endpoints.read(directory)
                    .orElseThrow(() -> new CommandFailure(
                            ExitCode.UNREACHABLE,
                            "Tradewind is not running on " + directory
                                    + "; start it with ./tradewind up, or say where it is with --data or --url"));
            if (keyId != null && keySecret != null) {
                return new Server(address(endpoints.gateway()), new Credentials(keyId, keySecret));
            }
            Path file = directory.resolve(Credentials.FILE);
            if (!Files.isReadable(file)) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "cannot read the API key in " + file + "; run this as the user who started Tradewind, or give"
                                + " --key and --secret");
            }
            return new Server(address(endpoints.gateway()), Credentials.load(file));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read " + directory + ": " + e.getMessage(), e);
        } catch (DataDirectoryException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage(), e);
        }
    }

    private static URI address(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, notAnAddress(text), e);
        }
        throw new CommandFailure(ExitCode.USAGE, notAnAddress(text));
    }

    private static String notAnAddress(String text) {
        return "'" + text + "' is not an address of a gateway; it looks like http://127.0.0.1:8080";
    }

    private static String given(String option, Console console, String variable) {
        String value = option != null ? option : console.environment().get(variable);
        return value == null || value.isEmpty() ? null : value;
    }
}
