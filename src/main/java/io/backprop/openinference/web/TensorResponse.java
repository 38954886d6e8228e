package io.backprop.openinference.web;

import io.backprop.openinference.TensorSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** An input or output of a model. */
@Schema(name = "TensorMetadata")
record TensorResponse(String name, String datatype, List<Long> shape) {

    static TensorResponse of(TensorSpec tensor) {
        return new TensorResponse(tensor.name(), tensor.dataType().name(), tensor.shape());
    }
}
