package io.backprop.web.server;

import java.io.IOException;

/** More of a body has arrived than may be read. */
public final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    BodyTooLargeException(long limit) {
        super("the body must have at most " + limit + " bytes, but has more");
    }
}
