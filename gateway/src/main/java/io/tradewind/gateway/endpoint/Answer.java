package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.Json;
import io.tradewind.contracts.state.Entity;
import io.tradewind.gateway.domain.ApiCode;
import io.tradewind.gateway.domain.ApiError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request is answered with. Immutable but for its headers, which are set while it is made.
 *
 * @param body {@code null} for none
 */
record Answer(int status, Buffer body, Map<String, String> headers) {

    static final String JSON = "application/json";
    static final String CLIENT_ORDER_ID = "client_order_id";

    private static final CharSequence X_CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence JSON_TYPE = HttpHeaders.createOptimized(JSON);
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;

    static Answer of(Json json) {
        return of(OK, json);
    }

    static Answer of(int status, Json json) {
        return json(status, json.toBuffer());
    }

    static Answer json(int status, Buffer json) {
        return new Answer(status, json, new LinkedHashMap<>()).with("content-type", JSON);
    }

    static Answer empty() {
        return new Answer(NO_CONTENT, null, new LinkedHashMap<>());
    }

    static Answer error(ApiError error) {
        Answer answer = of(error.status(), error.toJson());
        error.headers().forEach(answer::with);
        return answer;
    }

    /** The path is known, but not with this method. */
    static Answer methodNotAllowed(String allow) {
        return error(ApiError.of(ApiCode.METHOD_NOT_ALLOWED, "this path takes " + allow))
                .with("allow", allow);
    }

    /** A JSON array of documents as they are stored. */
    static Answer array(List<Json> documents) {
        int bytes = 2;
        for (Json document : documents) {
            bytes += document.size() + 1;
        }
        Buffer array = Buffer.buffer(bytes).appendByte((byte) '[');
        String separator = "";
        for (Json document : documents) {
            array.appendString(separator).appendBytes(document.bytes());
            separator = ",";
        }
        return json(OK, array.appendByte((byte) ']'));
    }

    static List<Json> documents(List<Entity> entities) {
        List<Json> documents = new ArrayList<>(entities.size());
        entities.forEach(entity -> documents.add(entity.json()));
        return documents;
    }

    /** How fresh the state is that the answer was made from. */
    Answer version(long version, boolean stale) {
        with("x-tradewind-version", Long.toString(version));
        return stale ? with("x-tradewind-stale", "true") : this;
    }

    Answer with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    void send(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status);
        secure(response);
        headers.forEach(response::putHeader);
        if (body == null) {
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Headers that every answer has. Nothing is cached unless the answer says so. */
    static void secure(HttpServerResponse response) {
        response.putHeader(X_CONTENT_TYPE_OPTIONS, NO_SNIFF).putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }

    /** The short way for documents, without an Answer in between. */
    static void send(HttpServerResponse response, int status, byte[] json) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status);
        secure(response);
        response.putHeader(HttpHeaders.CONTENT_TYPE, JSON_TYPE).end(Buffer.buffer(json));
    }
}
