package io.backprop.training.web;

import io.backprop.training.IdempotencyKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** A request with an idempotency key, whose body is digested while it is read. */
record IdempotentRequest(String key, HttpHeaders headers, DigestInputStream body) implements HttpInputMessage {

    static final String ATTRIBUTE = "io.backprop.training.web.idempotentRequest";

    /** The key with the digest of the whole body; reads what is left of the body. To be called once. */
    IdempotencyKey toIdempotencyKey() {
        try {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new HttpMessageNotReadableException("the body cannot be read", e, this);
        }
        return new IdempotencyKey(
                key, HexFormat.of().formatHex(body.getMessageDigest().digest()));
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public InputStream getBody() {
        return body;
    }
}
