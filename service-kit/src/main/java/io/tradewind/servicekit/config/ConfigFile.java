package io.tradewind.servicekit.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code tradewind.yaml} and heals it: a file that is not YAML is moved aside under a telling name and a commented
 * default file takes its place, so that a process starts with defaults and nothing the user wrote is lost. Blocking;
 * used before Vert.x runs.
 */
final class ConfigFile {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // Amounts of money go through here: 12.50 must not become a binary fraction.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private ConfigFile() {}

    /**
     * The mapping in the file; empty when the file holds nothing or had to be set aside.
     *
     * @param defaultText what to write in place of a file that was set aside
     * @param warn told what was done to a corrupted file
     */
    static ObjectNode read(Path file, Supplier<String> defaultText, Clock clock, Consumer<String> warn) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigException("config file " + file, null, "cannot be read: " + reason(e));
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            JsonNode tree = YAML.readTree(text);
            if (tree instanceof ObjectNode mapping) {
                return mapping;
            }
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return JsonNodeFactory.instance.objectNode();
            }
            setAside(file, "it is not a mapping of sections", defaultText, clock, warn);
        } catch (MismatchedInputException e) {
            // Readable YAML with a key given twice: the user must choose, throwing the file out would choose for them.
            throw new ConfigException(
                    "config file " + file, null, e.getOriginalMessage() + " (line " + line(e) + "); keep one of them");
        } catch (JsonProcessingException e) {
            setAside(file, "line " + line(e) + ": " + complaint(e), defaultText, clock, warn);
        } catch (YAMLException e) {
            setAside(file, complaint(e), defaultText, clock, warn);
        } catch (CharacterCodingException e) {
            setAside(file, "it is not UTF-8 text", defaultText, clock, warn);
        }
        return JsonNodeFactory.instance.objectNode();
    }

    /** The value of a list or mapping written in one line, such as {@code [a, b]}. */
    static JsonNode parseInline(String text) throws JsonProcessingException {
        return YAML.readTree(text);
    }

    private static void setAside(
            Path file, String reason, Supplier<String> defaultText, Clock clock, Consumer<String> warn) {
        Path aside = file.resolveSibling(file.getFileName() + ".corrupt-" + STAMP.format(clock.instant()));
        String what = "config file " + file + " is not valid YAML (" + reason + ")";
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(draft, defaultText.get());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            warn.accept(what + "; it was set aside as " + aside.getFileName()
                    + ", a default file was written in its place and defaults are used");
        } catch (IOException e) {
            warn.accept(what + "; it could not be set aside (" + e + "), defaults are used");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getMessage();
    }

    private static String line(JsonProcessingException e) {
        return e.getLocation() == null
                ? "unknown"
                : String.valueOf(e.getLocation().getLineNr());
    }

    // The parser's full message quotes the file, which may hold a password.
    private static String complaint(Exception e) {
        Throwable cause = e instanceof MarkedYAMLException || e.getCause() == null ? e : e.getCause();
        return cause instanceof MarkedYAMLException marked ? marked.getProblem() : "the parser gave up";
    }
}
