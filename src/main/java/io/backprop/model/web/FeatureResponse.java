package io.backprop.model.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of the table that a model was trained on. Numbers are scaled; each category becomes an input, or with scales
 * two categories one.
 *
 * @param mean of a numeric column, which replaces missing values
 * @param deviation of a numeric column
 * @param scale of a numeric column
 * @param indicator scale of an input that is 1 where a numeric column has no value, else 0
 * @param minimum of a numeric column
 * @param median of a numeric column
 * @param maximum of a numeric column
 * @param dates whether the numbers are dates, as days since 1970
 * @param categories of a categorical column, most frequent first
 * @param gaps whether missing values are a category
 * @param scales of the inputs of categories
 */
@Schema(name = "Feature")
@JsonInclude(JsonInclude.Include.NON_NULL)
record FeatureResponse(
        String name,
        Type type,
        @Nullable Double mean,
        @Nullable Double deviation,
        @Nullable ColumnScaling scale,
        @Nullable ColumnScaling indicator,
        @Nullable Float minimum,
        @Nullable Float median,
        @Nullable Float maximum,
        @Nullable Boolean dates,
        @Nullable List<String> categories,
        @Nullable Boolean gaps,
        @Nullable List<ColumnScaling> scales) {

    /** The type of a column that is an input. */
    enum Type {
        NUMERIC,
        CATEGORICAL
    }

    /** The columns; null unless the model was trained on a table. */
    static @Nullable List<FeatureResponse> of(Preprocessing preprocessing) {
        return preprocessing instanceof Preprocessing.Columns columns
                ? columns.features().stream().map(FeatureResponse::of).toList()
                : null;
    }

    private static FeatureResponse of(Feature feature) {
        if (feature instanceof Feature.Numeric numeric) {
            return new FeatureResponse(
                    numeric.name(),
                    Type.NUMERIC,
                    numeric.mean(),
                    numeric.deviation(),
                    numeric.scale(),
                    numeric.indicator(),
                    numeric.range().minimum(),
                    numeric.range().median(),
                    numeric.range().maximum(),
                    numeric.dates() ? true : null,
                    null,
                    null,
                    null);
        }
        Feature.Categorical words = (Feature.Categorical) feature;
        return new FeatureResponse(
                words.name(),
                Type.CATEGORICAL,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                words.categories(),
                words.missing(),
                words.scales().isEmpty() ? null : words.scales());
    }
}
