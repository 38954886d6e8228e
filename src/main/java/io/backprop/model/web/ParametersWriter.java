package io.backprop.model.web;

import io.backprop.engine.Ensemble;
import io.backprop.limits.BusyException;
import io.backprop.limits.ComputeBudget;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the parameters of a model as JSON. Those of a large one are formatted with a permit to compute, block by
 * block, and each block is sent without one, so that neither many clients nor those that do not read keep others waiting
 * (MemoryLoadTests).
 */
@Component
class ParametersWriter {

    private static final int BLOCK = 1 << 16; // bytes
    private static final int LARGE = 500_000; // parameters, formatted in 50 ms
    private static final int AT_A_TIME = 2; // so that the others do not fill the queue for permits

    private final Semaphore turns = new Semaphore(AT_A_TIME, true);
    private final JsonMapper mapper;
    private final ComputeBudget compute;

    ParametersWriter(JsonMapper mapper, ComputeBudget compute) {
        this.mapper = mapper;
        this.compute = compute;
    }

    /** Acquires a permit before the response is committed, if there are many parameters. */
    void prepare(Ensemble ensemble) {
        if (ensemble.parameterCount() > LARGE) {
            turns.acquireUninterruptibly();
            try {
                compute.acquire();
            } catch (BusyException e) {
                turns.release();
                throw e;
            }
        }
    }

    void write(Ensemble ensemble, OutputStream out) throws IOException {
        try {
            mapper.writeValue(
                    new BufferedOutputStream(new UnpermittedOutputStream(out), BLOCK), ParametersResponse.of(ensemble));
        } catch (JacksonIOException e) {
            throw e.getCause();
        } finally {
            release();
        }
    }

    private boolean release() {
        boolean permitted = compute.release();
        if (permitted) {
            turns.release();
        }
        return permitted;
    }

    /** Releases the permit while it writes, and acquires it again if there was one. */
    private final class UnpermittedOutputStream extends FilterOutputStream {

        UnpermittedOutputStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean permitted = release();
            out.write(bytes, offset, length);
            if (permitted) {
                turns.acquireUninterruptibly();
                try {
                    compute.acquire();
                } catch (BusyException e) { // a response that has begun is completed without a permit
                    turns.release();
                }
            }
        }
    }
}
