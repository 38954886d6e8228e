package io.backprop;

import java.util.Random;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Passes a {@link Random} to a test that is to take another course in each run. If the test fails, the failure names the
 * seed; {@code -Dtest.seed} sets it.
 */
public final class SeededRandom implements ParameterResolver, TestExecutionExceptionHandler {

    private static final long SEED = Long.getLong("test.seed", System.nanoTime());

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Random.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return new Random(SEED);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) {
        throw new AssertionError("with -Dtest.seed=%d: %s".formatted(SEED, failure.getMessage()), failure);
    }
}
