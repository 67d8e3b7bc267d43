package io.tradewind.gateway.endpoint;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API, a resource of this module. Read once; immutable. */
final class OpenApi {

    private static final String RESOURCE = "/io/tradewind/gateway/openapi.json";
    private static final int OK = 200;

    private final Buffer document;

    OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + RESOURCE);
            }
            document = Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    Future<Answer> document(Call call) {
        return Future.succeededFuture(Answer.json(OK, document));
    }
}
