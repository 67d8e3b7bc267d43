package io.tradewind.systemtests.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Keys of accounts beside the one that the program makes a key for. */
public final class KeysFile {

    private static final String NAME = "keys.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeysFile() {}

    /** Writes a key of each account, which may trade and read, where a first start on a data directory finds them. */
    public static void write(Path data, List<String> accounts) throws IOException {
        ArrayNode keys = JSON.createArrayNode();
        for (String account : accounts) {
            keys.addObject()
                    .put("key_id", keyId(account))
                    .put("secret_sha256", sha256(secret(account)))
                    .put("account", account)
                    .putArray("scopes")
                    .add("trade")
                    .add("read");
        }
        Workspace.letPass(Files.createDirectories(data));
        Files.writeString(data.resolve(NAME), keys.toString());
    }

    /** Acts for an account. */
    public static ApiClient client(String account, URI gateway) {
        return new ApiClient(gateway, keyId(account), secret(account));
    }

    private static String keyId(String account) {
        return "key-of-" + account;
    }

    private static String secret(String account) {
        return "secret-of-" + account;
    }

    private static String sha256(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
