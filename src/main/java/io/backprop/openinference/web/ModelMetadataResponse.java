package io.backprop.openinference.web;

import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.openinference.ModelSignature;
import io.backprop.tabular.Preprocessing.Columns;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A model as the protocol describes it. */
@Schema(name = "ModelMetadata")
record ModelMetadataResponse(
        String name,
        List<String> versions,
        String platform,
        List<TensorResponse> inputs,
        List<TensorResponse> outputs,
        Map<String, String> properties) {

    /** @param versions that can be requested */
    static ModelMetadataResponse of(Model model, List<Long> versions) {
        ModelSignature signature = ModelSignature.of(model);
        return new ModelMetadataResponse(
                model.id(),
                versions.stream().map(String::valueOf).toList(),
                "backprop",
                signature.inputs().stream().map(TensorResponse::of).toList(),
                signature.outputs().stream().map(TensorResponse::of).toList(),
                properties(model));
    }

    private static Map<String, String> properties(Model model) {
        Architecture architecture = model.spec().architecture();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("version", Long.toString(model.version()));
        if (architecture.outputLayer().task() != null) {
            properties.put("task", architecture.outputLayer().task().name().toLowerCase(Locale.ROOT));
        }
        if (architecture.preprocessing() instanceof Columns table) {
            properties.put("target", table.target());
            if (table.unit().isDate()) {
                properties.put("unit", "days since 1970-01-01");
            }
        }
        return properties;
    }
}
