package io.tradewind.allinone.datadir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    @Test
    void shouldMakeASecretOf256BitsOnceAndForItsOwnerOnly() throws Exception {
        Credentials created = Credentials.loadOrCreate(temp, new SecureRandom());
        assertEquals(32, Base64.getUrlDecoder().decode(created.secretKey()).length);
        Path file = temp.resolve(Credentials.FILE);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        JsonNode json = JSON.readTree(file.toFile());
        assertEquals(created.keyId(), json.path("key_id").asText());
        assertEquals(created.secretKey(), json.path("secret_key").asText());

        assertEquals(created, Credentials.loadOrCreate(temp, new SecureRandom()));
        Credentials other = Credentials.loadOrCreate(Files.createDirectory(temp.resolve("other")), new SecureRandom());
        assertNotEquals(created.keyId(), other.keyId());
        assertNotEquals(created.secretKey(), other.secretKey());
    }

    @Test
    void shouldTakePermissionsOfOthersAway() throws Exception {
        Credentials.loadOrCreate(temp, new SecureRandom());
        Path file = temp.resolve(Credentials.FILE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Credentials.loadOrCreate(temp, new SecureRandom());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldSayWhatToDoWithADamagedFile() throws Exception {
        Files.writeString(temp.resolve(Credentials.FILE), "{\"key_id\":");
        String message = assertThrows(
                        DataDirectoryException.class, () -> Credentials.loadOrCreate(temp, new SecureRandom()))
                .getMessage();
        assertTrue(message.contains("delete it"), message);
    }

    @Test
    void shouldRegisterTheHashAndKeepOtherKeys() throws Exception {
        Path keys = temp.resolve("keys.json");
        Files.writeString(keys, "[{\"key_id\":\"mine\",\"secret_sha256\":\"00\",\"account\":\"a\",\"scopes\":[]}]");
        Credentials credentials = new Credentials("TW1", "abc");
        credentials.register(keys);
        credentials.register(keys);
        JsonNode json = JSON.readTree(keys.toFile());
        assertEquals(2, json.size());
        assertEquals("mine", json.get(0).path("key_id").asText());
        assertEquals("TW1", json.get(1).path("key_id").asText());
        // SHA-256 of "abc", FIPS 180-2 appendix B.1.
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                json.get(1).path("secret_sha256").asText());
        assertEquals(
                "[\"trade\",\"read\",\"admin\"]", json.get(1).path("scopes").toString());
        assertFalse(Files.readString(keys).contains("\"abc\""));
    }

    @Test
    void shouldReplaceTheHashOfAnOlderSecret() throws Exception {
        Path keys = temp.resolve("keys.json");
        new Credentials("TW1", "old").register(keys);
        new Credentials("TW1", "new").register(keys);
        JsonNode json = JSON.readTree(keys.toFile());
        assertEquals(1, json.size());
        assertEquals(
                new Credentials("TW1", "new").secretHash(),
                json.get(0).path("secret_sha256").asText());
    }

    @Test
    void shouldNotShowTheSecretByAccident() {
        assertFalse(new Credentials("TW1", "verysecret").toString().contains("verysecret"));
    }
}
