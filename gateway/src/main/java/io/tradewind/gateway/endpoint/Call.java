package io.tradewind.gateway.endpoint;

import io.tradewind.contracts.orders.DenialCode;
import io.tradewind.contracts.state.Partitions;
import io.tradewind.gateway.domain.ApiError;
import io.tradewind.gateway.domain.ApiKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * One request on its way to its handler.
 *
 * @param key whose it is; {@code null} where nobody has to sign in
 * @param pathParameter the decoded variable part of the path, or {@code null}; of two, the first
 * @param secondPathParameter the other, or {@code null}
 * @param body the whole body; empty when there is none
 * @param requestId names the request in logs, transactions and the answer
 */
record Call(
        HttpServerRequest request,
        ApiKey key,
        String pathParameter,
        String secondPathParameter,
        Buffer body,
        String requestId) {

    String account() {
        return key.account();
    }

    int partition() {
        return Partitions.of(key.account());
    }

    /** A query parameter, decoded, or {@code null}. */
    String parameter(String name) {
        try {
            return request.getParam(name);
        } catch (IllegalArgumentException e) {
            throw ApiError.of(DenialCode.REQUEST_MALFORMED, "the query cannot be decoded", null)
                    .exception();
        }
    }
}
