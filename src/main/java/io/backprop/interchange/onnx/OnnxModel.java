package io.backprop.interchange.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An ONNX file, {@code ModelProto}. Texts are empty where the file has none.
 *
 * @param irVersion version of the format
 * @param producerName the program that wrote the file
 * @param opsets versions of the operators by their domain, which is empty for the standard ones
 * @param metadata in the order of the file
 */
public record OnnxModel(
        long irVersion,
        String producerName,
        String producerVersion,
        long modelVersion,
        String docString,
        Map<String, Long> opsets,
        OnnxGraph graph,
        Map<String, String> metadata) {

    public OnnxModel {
        opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
