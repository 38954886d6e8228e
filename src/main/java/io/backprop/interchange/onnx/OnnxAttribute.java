package io.backprop.interchange.onnx;

import java.util.List;

/** An argument of an operator, {@code AttributeProto}. */
public sealed interface OnnxAttribute {

    record OfFloat(float value) implements OnnxAttribute {}

    record OfInt(long value) implements OnnxAttribute {}

    record OfString(String value) implements OnnxAttribute {}

    record OfTensor(OnnxTensor value) implements OnnxAttribute {}

    record OfFloats(List<Float> values) implements OnnxAttribute {
        public OfFloats {
            values = List.copyOf(values);
        }
    }

    record OfInts(List<Long> values) implements OnnxAttribute {
        public OfInts {
            values = List.copyOf(values);
        }
    }

    record OfStrings(List<String> values) implements OnnxAttribute {
        public OfStrings {
            values = List.copyOf(values);
        }
    }
}
