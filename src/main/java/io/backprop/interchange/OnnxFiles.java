package io.backprop.interchange;

import io.backprop.interchange.onnx.OnnxExporter;
import io.backprop.interchange.onnx.OnnxModel;
import io.backprop.interchange.onnx.OnnxWriter;
import io.backprop.model.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Models as ONNX files, from which they can be restored with everything that belongs to them. */
@Component
public class OnnxFiles {

    private final ModelDescriptions descriptions;

    OnnxFiles(ModelDescriptions descriptions) {
        this.descriptions = descriptions;
    }

    /**
     * Exports a version of a model.
     *
     * @throws io.backprop.model.ModelException if it has no parameters yet
     */
    public OnnxModel export(Model model) {
        return OnnxExporter.export(model, descriptions.write(model));
    }

    /**
     * Restores the version of a model that was exported to a file, with its id. Since the export of what is restored must be
     * the same file, the metadata cannot contradict the graph.
     *
     * @param file what was read of the file
     * @param bytes the file. Not modified.
     * @return empty if the file is not an export, or was changed since
     */
    public Optional<Model> restore(OnnxModel file, byte[] bytes) {
        String json = file.metadata().get(OnnxExporter.DESCRIPTION);
        if (json == null) {
            return Optional.empty();
        }
        try {
            ModelDescription description = descriptions.read(json);
            return description
                    .networkSpec()
                    .flatMap(spec -> OnnxExporter.networks(file.graph(), spec, description.networks()))
                    .map(description::withNetworks)
                    .filter(model -> isExport(model, bytes));
        } catch (ModelFileException e) {
            return Optional.empty();
        }
    }

    private boolean isExport(Model model, byte[] bytes) {
        ByteComparison comparison = new ByteComparison(bytes);
        try {
            OnnxWriter.write(export(model), comparison);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return comparison.isEqual();
    }

    /** Compares what is written with expected bytes, without keeping it. */
    private static final class ByteComparison extends OutputStream {

        private final byte[] expected;
        private int position; // -1 after a difference

        ByteComparison(byte[] expected) {
            this.expected = expected;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            boolean equal = position >= 0
                    && length <= expected.length - position
                    && Arrays.equals(bytes, offset, offset + length, expected, position, position + length);
            position = equal ? position + length : -1;
        }

        boolean isEqual() {
            return position == expected.length;
        }
    }
}
