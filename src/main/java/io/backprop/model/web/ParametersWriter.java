package io.backprop.model.web;

import io.backprop.engine.Network;
import io.backprop.limits.BusyException;
import io.backprop.limits.ComputeBudget;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.stereotype.Component;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the parameters of a network as JSON. Those of a large network are formatted with a permit to compute, block by
 * block, and each block is sent without one, so that neither many clients nor those that do not read keep others waiting
 * (MemoryLoadTests).
 */
@Component
class ParametersWriter {

    private static final int BLOCK = 1 << 16; // bytes
    private static final double FLOPS_PER_PARAMETER = 100; // that take as long as formatting one

    private final JsonMapper mapper;
    private final ComputeBudget compute;

    ParametersWriter(JsonMapper mapper, ComputeBudget compute) {
        this.mapper = mapper;
        this.compute = compute;
    }

    /** Acquires a permit before the response is committed, if the network is large. */
    void prepare(Network network) {
        compute.acquireForFlops(FLOPS_PER_PARAMETER * network.spec().parameterCount());
    }

    void write(Network network, OutputStream out) throws IOException {
        try {
            mapper.writeValue(
                    new BufferedOutputStream(new UnpermittedOutputStream(out), BLOCK), ParametersResponse.of(network));
        } catch (JacksonIOException e) {
            throw e.getCause();
        } finally {
            compute.release();
        }
    }

    /** Releases the permit while it writes, and acquires it again if there was one. */
    private final class UnpermittedOutputStream extends FilterOutputStream {

        UnpermittedOutputStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean permitted = compute.release();
            out.write(bytes, offset, length);
            if (permitted) {
                try {
                    compute.acquire();
                } catch (BusyException e) {
                    // a response that has begun is completed without a permit
                }
            }
        }
    }
}
