package io.backprop.bench;

import io.backprop.engine.LayerSpec;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A network as an ONNX file: a Gemm node per layer, followed by its activation. Input {@code x} is rows × features, output
 * {@code y} rows × outputs.
 *
 * <p>Numbers of fields are those of {@code onnx.proto} of ONNX 1.8 (IR version 7, opset 13).
 */
final class OnnxModel {

    static final String INPUT = "x";
    static final String OUTPUT = "y";

    private static final int IR_VERSION = 7;
    private static final int OPSET = 13;
    private static final int FLOAT = 1; // TensorProto.DataType

    private OnnxModel() {}

    static byte[] of(Network network) {
        NetworkSpec spec = network.spec();
        Message graph = new Message();
        float[] parameters = network.parameters();
        int offset = 0;
        String x = INPUT;
        for (int i = 0; i < spec.layers().size(); i++) {
            LayerSpec layer = spec.layers().get(i);
            int inputs = spec.inputsOf(i);
            int units = layer.units();
            boolean last = i == spec.layers().size() - 1;
            String weights = "w" + i;
            String biases = "b" + i;
            String logits = "z" + i;
            String activations = last ? OUTPUT : "a" + i;
            graph.message(1, node("Gemm", logits, x, weights, biases));
            graph.message(1, node(operator(layer), activations, logits));
            graph.message(5, tensor(weights, parameters, offset, inputs, units));
            offset += inputs * units;
            graph.message(5, tensor(biases, parameters, offset, units));
            offset += units;
            x = activations;
        }
        graph.text(2, "network");
        graph.message(11, value(INPUT, spec.inputs()));
        graph.message(12, value(OUTPUT, spec.outputs()));
        return new Message()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPSET))
                .bytes();
    }

    private static String operator(LayerSpec layer) {
        return switch (layer.activation()) {
            case RELU -> "Relu";
            case SIGMOID -> "Sigmoid";
            case SOFTMAX -> "Softmax";
            default -> throw new IllegalArgumentException(layer.activation().name());
        };
    }

    private static Message node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, operator);
    }

    private static Message tensor(String name, float[] values, int offset, int... dimensions) {
        Message tensor = new Message();
        int length = 1;
        for (int dimension : dimensions) {
            tensor.number(1, dimension);
            length *= dimension;
        }
        ByteBuffer raw = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values, offset, length);
        return tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array());
    }

    private static Message value(String name, int columns) {
        Message shape =
                new Message().message(1, new Message().text(2, "rows")).message(1, new Message().number(1, columns));
        Message type = new Message().message(1, new Message().number(1, FLOAT).message(2, shape));
        return new Message().text(1, name).message(2, type);
    }

    /** A message of Protocol Buffers. */
    private static final class Message {

        private static final int VARINT = 0; // wire types
        private static final int LENGTH_DELIMITED = 2;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3 | VARINT);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | LENGTH_DELIMITED);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            long rest = value;
            while (rest >= 0x80) {
                out.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
