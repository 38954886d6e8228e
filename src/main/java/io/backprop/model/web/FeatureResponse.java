package io.backprop.model.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table that a model learned from: numbers are scaled, each word becomes an input of its own.
 *
 * @param mean of numbers, to which gaps are set
 * @param deviation of numbers
 * @param dates whether the numbers are days since 1970, from dates
 * @param categories words
 * @param gaps whether gaps count as a word
 */
@Schema(name = "Feature")
@JsonInclude(JsonInclude.Include.NON_NULL)
record FeatureResponse(
        String name,
        Type type,
        @Nullable Double mean,
        @Nullable Double deviation,
        @Nullable Boolean dates,
        @Nullable List<String> categories,
        @Nullable Boolean gaps) {

    /** What a column may be taken for, but for being left out. */
    enum Type {
        NUMERIC,
        CATEGORICAL
    }

    /** Null for a model that learned from rows of numbers, or not yet. */
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
                    numeric.scale().offset(),
                    numeric.scale().factor(),
                    numeric.dates() ? true : null,
                    null,
                    null);
        }
        Feature.Categorical words = (Feature.Categorical) feature;
        return new FeatureResponse(
                words.name(), Type.CATEGORICAL, null, null, null, words.categories(), words.missing());
    }
}
