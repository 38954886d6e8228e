package io.backprop.interchange.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The application of an operator, {@code NodeProto}.
 *
 * @param domain of the operator; empty for the standard ones
 * @param inputs names of values; empty for an optional input that is left out
 * @param outputs names of values; empty for an optional output that is left out
 */
public record OnnxNode(
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        Map<String, OnnxAttribute> attributes) {

    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}
