package io.backprop.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells in two sentences why the service can't start with its store, instead of a stack trace. */
class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreUnusableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StoreUnusableException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
