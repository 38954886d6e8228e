package io.backprop.security;

import java.util.Locale;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.lang.Contract;

/** The configured keys cannot be used. The message shows no secret. */
final class InvalidKeysException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidKeysException(String message) {
        super(message);
    }

    @Contract("false, _, _ -> fail")
    static void requireKey(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new InvalidKeysException(String.format(Locale.ROOT, message, arguments));
        }
    }

    /** Explains them instead of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<InvalidKeysException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, InvalidKeysException cause) {
            return new FailureAnalysis(
                    "The keys of the service cannot be used: %s.".formatted(cause.getMessage()),
                    "Correct backprop.api.keys (BACKPROP_API_KEYS) or backprop.api.keys-file. A good secret is the output of"
                            + " \"openssl rand -hex 32\".",
                    cause);
        }
    }
}
