package io.backprop.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** A request with an idempotency key, whose body is digested while it is read. */
public record IdempotentRequest(String key, HttpHeaders headers, DigestInputStream body) implements HttpInputMessage {

    public static final String HEADER = "Idempotency-Key";
    public static final int MAX_LENGTH = 255;

    /** The description of the header. */
    public static final String DESCRIPTION = "Up to " + MAX_LENGTH
            + " characters of printable ASCII; a repeated request with the same key and body, and for CSV and NDJSON"
            + " the same query, returns the result of the first request, for at least 24 hours after it";

    public static final String ATTRIBUTE = "io.backprop.web.idempotentRequest";

    /** The digest of the operation and the whole body; reads what is left of the body. To be called once. */
    public String digest() {
        try {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new HttpMessageNotReadableException("the body cannot be read", e, this);
        }
        return HexFormat.of().formatHex(body.getMessageDigest().digest());
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
