package io.tradewind.allinone.datadir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The API key that a new data directory comes with. The secret is written to {@code credentials.json} for its owner's
 * eyes only; the gateway gets {@code keys.json}, from which nobody can get the secret back: it has 256 random bits, so
 * a plain SHA-256 of it cannot be guessed either. Blocking; {@code up}'s main thread, and read by the CLI.
 */
public record Credentials(String keyId, String secretKey) {

    public static final String FILE = "credentials.json";
    static final String ACCOUNT = "default";

    private static final int SECRET_BYTES = 32;
    private static final int KEY_ID_BYTES = 9;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the key of a data directory, or makes one. */
    public static Credentials loadOrCreate(Path directory, SecureRandom random)
            throws IOException, DataDirectoryException {
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            Credentials existing = load(file);
            PrivateFiles.restrict(file);
            return existing;
        }
        Credentials created = new Credentials(
                "TW" + HexFormat.of().withUpperCase().formatHex(randomBytes(random, KEY_ID_BYTES)),
                Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(random, SECRET_BYTES)));
        ObjectNode json = JSON.createObjectNode().put("key_id", created.keyId).put("secret_key", created.secretKey);
        PrivateFiles.replace(file, line(json));
        return created;
    }

    /** @throws DataDirectoryException when {@code file} does not hold a key */
    public static Credentials load(Path file) throws IOException, DataDirectoryException {
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file));
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            json = JSON.nullNode();
        }
        String keyId = json.path("key_id").asText("");
        String secret = json.path("secret_key").asText("");
        if (keyId.isEmpty() || secret.isEmpty()) {
            throw new DataDirectoryException(
                    file + " holds no key_id and secret_key; delete it, and the next start makes a new key");
        }
        return new Credentials(keyId, secret);
    }

    /** Sees to it that {@code keys.json} lets this key in; keys that somebody added stay. */
    public void register(Path keysFile) throws IOException, DataDirectoryException {
        ArrayNode keys = JSON.createArrayNode();
        if (Files.exists(keysFile)) {
            for (JsonNode key : readKeys(keysFile)) {
                if (!key.path("key_id").asText().equals(keyId)) {
                    keys.add(key);
                } else if (key.path("secret_sha256").asText().equals(secretHash())) {
                    return;
                }
            }
        }
        ObjectNode own = keys.addObject()
                .put("key_id", keyId)
                .put("secret_sha256", secretHash())
                .put("account", ACCOUNT);
        own.putArray("scopes").add("trade").add("read").add("admin");
        PrivateFiles.replace(keysFile, line(keys));
    }

    private static JsonNode readKeys(Path keysFile) throws IOException, DataDirectoryException {
        try {
            JsonNode keys = JSON.readTree(Files.readAllBytes(keysFile));
            if (keys.isArray()) {
                return keys;
            }
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new DataDirectoryException(keysFile + " is not valid JSON; mend it or delete it", e);
        }
        throw new DataDirectoryException(keysFile + " is not a JSON array; mend it or delete it");
    }

    /** SHA-256 of the secret in hex, as the keys file has it. */
    public String secretHash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(secretKey.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] line(JsonNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] randomBytes(SecureRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    // A record prints its fields, and a secret must not reach a log by accident.
    @Override
    public String toString() {
        return "Credentials[keyId=" + keyId + "]";
    }
}
