package io.backprop.web.server;

import java.io.IOException;

/** A body that should be gzip is not, or not as it was when it was packed. */
public final class DamagedGzipException extends IOException {

    private static final long serialVersionUID = 1;

    DamagedGzipException(String message) {
        super(message);
    }
}
