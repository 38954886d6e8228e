package io.backprop.openinference.web;

import io.backprop.engine.Matrix;
import io.backprop.limits.MemoryBudget;
import io.backprop.openinference.InferenceOutput;
import io.backprop.openinference.InferenceResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Writes responses: JSON and, if a client asks for it, binary data after it. */
@Component
class InferenceResponseWriter {

    private static final int BLOCK = 1 << 13; // bytes
    private static final int JSON_BYTES = 32; // of an element, while the array grows

    private final ObjectWriter writer;
    private final MemoryBudget memory;

    InferenceResponseWriter(JsonMapper mapper, MemoryBudget memory) {
        this.writer = mapper.writerFor(InferenceResponseForm.class);
        this.memory = memory;
    }

    void write(InferenceResponse response, HttpServletResponse to) throws IOException {
        boolean isBinary = response.outputs().stream().anyMatch(InferenceOutput::binary);
        memory.acquire(memoryForJson(response, isBinary ? JSON_BYTES : Float.BYTES));
        InferenceResponseForm form = InferenceResponseForm.of(response);
        if (!isBinary) {
            to.setContentType(MediaType.APPLICATION_JSON_VALUE);
            writer.writeValue(to.getOutputStream(), form);
            return;
        }
        byte[] json = writer.writeValueAsBytes(form); // its length precedes it
        to.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        to.setHeader(InferenceBody.HEADER_LENGTH, String.valueOf(json.length));
        to.setContentLengthLong(json.length + form.binarySize());
        OutputStream out = to.getOutputStream();
        out.write(json);
        for (InferenceOutput output : response.outputs()) {
            if (output.binary()) {
                write(output, out);
            }
        }
    }

    private static long memoryForJson(InferenceResponse response, int bytesPerElement) {
        return response.outputs().stream()
                .filter(output -> !output.binary())
                .mapToLong(output -> output.shape().stream()
                        .mapToLong(Integer::longValue)
                        .reduce(bytesPerElement, Math::multiplyExact))
                .sum();
    }

    private static void write(InferenceOutput output, OutputStream out) throws IOException {
        if (output instanceof InferenceOutput.Texts texts) {
            write(texts.values(), out);
        } else {
            write(((InferenceOutput.Numbers) output).values(), out);
        }
    }

    private static void write(List<String> texts, OutputStream out) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(length.putInt(0, bytes.length).array());
            out.write(bytes);
        }
    }

    private static void write(Matrix values, OutputStream out) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < values.rows(); row++) {
            for (int column = 0; column < values.columns(); column++) {
                if (!block.hasRemaining()) {
                    out.write(block.array());
                    block.clear();
                }
                block.putFloat(values.get(row, column));
            }
        }
        out.write(block.array(), 0, block.position());
    }
}
