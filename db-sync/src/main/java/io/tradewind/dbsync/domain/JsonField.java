package io.tradewind.dbsync.domain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tradewind.contracts.Json;
import java.io.IOException;

/** One field of a document, without reading the rest of it. Pure, any thread. */
final class JsonField {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonField() {}

    /**
     * The scalar field {@code name} of the object itself, as text.
     *
     * @return {@code null} when there is none, it is null, or the document is damaged before it; whoever needs the whole
     *     document says so
     */
    static String text(Json json, String name) {
        try (JsonParser in = FACTORY.createParser(json.bytes())) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = in.currentName().equals(name);
                JsonToken value = in.nextToken();
                if (wanted) {
                    return value.isScalarValue() && value != JsonToken.VALUE_NULL ? in.getText() : null;
                }
                in.skipChildren();
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }
}
