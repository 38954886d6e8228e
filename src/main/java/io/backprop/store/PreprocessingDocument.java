package io.backprop.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scale;
import io.backprop.tabular.Scaling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done to a model's data, as it is stored. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PreprocessingDocument.None.class, name = "none"),
    @JsonSubTypes.Type(value = PreprocessingDocument.Standardized.class, name = "standardized"),
    @JsonSubTypes.Type(value = PreprocessingDocument.Columns.class, name = "columns")
})
sealed interface PreprocessingDocument {

    Preprocessing toPreprocessing();

    static PreprocessingDocument of(Preprocessing preprocessing) {
        if (preprocessing instanceof Preprocessing.Standardized standardized) {
            return new Standardized(
                    standardized.inputs().columns(), standardized.targets().columns());
        }
        if (preprocessing instanceof Preprocessing.Columns columns) {
            return new Columns(
                    columns.features().stream().map(Column::of).toList(),
                    columns.target(),
                    columns.dates(),
                    columns.targets().columns());
        }
        return new None();
    }

    /** Nothing is done. */
    record None() implements PreprocessingDocument {
        @Override
        public Preprocessing toPreprocessing() {
            return Preprocessing.NONE;
        }
    }

    /** Of rows of numbers; before the first training without any scale. */
    record Standardized(List<Scale> inputs, List<Scale> targets) implements PreprocessingDocument {
        @Override
        public Preprocessing toPreprocessing() {
            return new Preprocessing.Standardized(new Scaling(inputs), new Scaling(targets));
        }
    }

    /**
     * Of rows of a table.
     *
     * @param dates whether the target is written as dates
     */
    record Columns(List<Column> features, String target, boolean dates, List<Scale> targets)
            implements PreprocessingDocument {
        @Override
        public Preprocessing toPreprocessing() {
            return new Preprocessing.Columns(
                    features.stream().map(Column::toFeature).toList(), target, dates, new Scaling(targets));
        }
    }

    /**
     * A feature.
     *
     * @param scale of numbers; null for words
     * @param dates whether the numbers are written as dates
     * @param categories the words; null for numbers
     * @param gaps whether gaps count as a word
     */
    record Column(
            String name,
            @Nullable Scale scale,
            boolean dates,
            @Nullable List<String> categories,
            boolean gaps) {

        static Column of(Feature feature) {
            if (feature instanceof Feature.Numeric numeric) {
                return new Column(numeric.name(), numeric.scale(), numeric.dates(), null, false);
            }
            Feature.Categorical categorical = (Feature.Categorical) feature;
            return new Column(categorical.name(), null, false, categorical.categories(), categorical.missing());
        }

        Feature toFeature() {
            if (scale != null) {
                return new Feature.Numeric(name, scale, dates);
            }
            if (categories == null) {
                throw new DamagedException("the column \"%s\" has neither a scale nor words".formatted(name));
            }
            return new Feature.Categorical(name, categories, gaps);
        }
    }
}
