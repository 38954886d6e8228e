package io.backprop.model.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.model.ModelPage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of models, newest first.
 *
 * @param next cursor of the next page; absent on the last page
 */
@Schema(name = "ModelList")
record ModelListResponse(
        List<ModelSummary> models,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String next) {

    static ModelListResponse of(ModelPage page) {
        return new ModelListResponse(
                page.models().stream().map(ModelSummary::of).toList(),
                page.next() == null ? null : page.next().toString());
    }
}
