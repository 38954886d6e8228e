package io.backprop.interchange.onnx;

import com.google.protobuf.CodedOutputStream;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Writes ONNX files. Equal models give equal bytes: fields are in ascending order and left out if they are empty, and numbers
 * of tensors are in {@code raw_data}.
 *
 * <p>Numbers of fields are those of {@code onnx.proto} of ONNX 1.12 (IR version 8).
 */
public final class OnnxWriter {

    private static final int BUFFER = 1 << 13; // bytes

    private OnnxWriter() {}

    /** The bytes of a file. */
    public static byte[] write(OnnxModel model) {
        ProtobufMessage message = message(model);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(message.size()));
        try {
            write(message, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes a file, which is never in memory as a whole. */
    public static void write(OnnxModel model, OutputStream out) throws IOException {
        write(message(model), out);
    }

    private static void write(ProtobufMessage message, OutputStream out) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out, BUFFER);
        message.writeTo(coded);
        coded.flush();
    }

    private static ProtobufMessage message(OnnxModel model) {
        ProtobufMessage message = new ProtobufMessage()
                .addIfSet(1, model.irVersion())
                .addIfSet(2, model.producerName())
                .addIfSet(3, model.producerVersion())
                .addIfSet(5, model.modelVersion())
                .addIfSet(6, model.docString())
                .add(7, message(model.graph()));
        model.opsets()
                .forEach((domain, version) ->
                        message.add(8, new ProtobufMessage().addIfSet(1, domain).addIfSet(2, version)));
        model.metadata()
                .forEach((key, value) ->
                        message.add(14, new ProtobufMessage().addIfSet(1, key).addIfSet(2, value)));
        return message;
    }

    private static ProtobufMessage message(OnnxGraph graph) {
        ProtobufMessage message = new ProtobufMessage();
        graph.nodes().forEach(node -> message.add(1, message(node)));
        message.addIfSet(2, graph.name());
        graph.initializers().forEach(tensor -> message.add(5, message(tensor)));
        graph.inputs().forEach(value -> message.add(11, message(value)));
        graph.outputs().forEach(value -> message.add(12, message(value)));
        return message;
    }

    private static ProtobufMessage message(OnnxNode node) {
        ProtobufMessage message = new ProtobufMessage();
        node.inputs().forEach(input -> message.add(1, input));
        node.outputs().forEach(output -> message.add(2, output));
        message.addIfSet(3, node.name()).addIfSet(4, node.operator());
        node.attributes().forEach((name, attribute) -> message.add(5, message(name, attribute)));
        return message.addIfSet(7, node.domain());
    }

    /** A value is written even if it is 0 or empty, because the type in field 20 says which field there is. */
    private static ProtobufMessage message(String name, OnnxAttribute attribute) {
        ProtobufMessage message = new ProtobufMessage().addIfSet(1, name);
        if (attribute instanceof OnnxAttribute.OfFloat number) {
            message.add(2, number.value()).add(20, 1);
        } else if (attribute instanceof OnnxAttribute.OfInt number) {
            message.add(3, number.value()).add(20, 2);
        } else if (attribute instanceof OnnxAttribute.OfString text) {
            message.add(4, text.value()).add(20, 3);
        } else if (attribute instanceof OnnxAttribute.OfTensor tensor) {
            message.add(5, message(tensor.value())).add(20, 4);
        } else if (attribute instanceof OnnxAttribute.OfFloats numbers) {
            numbers.values().forEach(value -> message.add(7, (float) value));
            message.add(20, 6);
        } else if (attribute instanceof OnnxAttribute.OfInts numbers) {
            numbers.values().forEach(value -> message.add(8, (long) value));
            message.add(20, 7);
        } else if (attribute instanceof OnnxAttribute.OfStrings texts) {
            texts.values().forEach(value -> message.add(9, value));
            message.add(20, 8);
        }
        return message;
    }

    private static ProtobufMessage message(OnnxTensor tensor) {
        ProtobufMessage message = new ProtobufMessage();
        tensor.dimensions().forEach(dimension -> message.add(1, (long) dimension));
        ElementType type = tensor.elementType();
        message.add(2, type.code());
        if (type == ElementType.STRING) {
            tensor.strings().forEach(string -> message.add(6, string));
        }
        message.addIfSet(8, tensor.name());
        long bytes = OnnxTensor.elementCount(tensor.dimensions()) * type.bytes();
        switch (type) {
            case STRING -> {}
            case FLOAT ->
                message.add(9, bytes, out -> {
                    for (float element : tensor.floats()) {
                        out.writeFloatNoTag(element);
                    }
                });
            case DOUBLE ->
                message.add(9, bytes, out -> {
                    for (double element : tensor.doubles()) {
                        out.writeDoubleNoTag(element);
                    }
                });
            default ->
                message.add(9, bytes, out -> {
                    for (long element : tensor.integers()) {
                        for (int shift = 0; shift < type.bytes() * Byte.SIZE; shift += Byte.SIZE) {
                            out.write((byte) (element >> shift));
                        }
                    }
                });
        }
        return message;
    }

    private static ProtobufMessage message(OnnxValue value) {
        ProtobufMessage message = new ProtobufMessage().addIfSet(1, value.name());
        if (value.elementType() != ElementType.UNDEFINED) {
            ProtobufMessage tensor =
                    new ProtobufMessage().add(1, value.elementType().code());
            if (value.shape() != null) {
                ProtobufMessage shape = new ProtobufMessage();
                value.shape().forEach(dimension -> shape.add(1, message(dimension)));
                tensor.add(2, shape);
            }
            message.add(2, new ProtobufMessage().add(1, tensor));
        }
        return message.addIfSet(3, value.docString());
    }

    private static ProtobufMessage message(Dimension dimension) {
        return dimension instanceof Dimension.Fixed fixed
                ? new ProtobufMessage().add(1, fixed.length())
                : new ProtobufMessage().addIfSet(2, ((Dimension.Free) dimension).name());
    }
}
