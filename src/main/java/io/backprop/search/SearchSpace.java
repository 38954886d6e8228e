package io.backprop.search;

import io.backprop.engine.Activation;
import io.backprop.engine.Optimizer;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.ModelSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The hyper-parameters that a search may change, and their values.
 *
 * @param domains in the order of the names of the fields, whatever the order in which they were given
 */
public record SearchSpace(Map<SearchField, Domain> domains) {

    /** The member of a request that holds the space. */
    static final String FIELD = "space";

    public SearchSpace {
        InvalidInputException.require(FIELD, !domains.isEmpty(), "space must have at least one setting to search");
        domains.forEach(SearchSpace::requireFit);
        TreeMap<SearchField, Domain> sorted = new TreeMap<>(Comparator.comparing(SearchField::id));
        sorted.putAll(domains);
        domains = Collections.unmodifiableMap(sorted);
        requireOwnOnly(domains, SearchField.ACTIVATION);
        requireOwnOnly(domains, SearchField.DROPOUT);
    }

    private static void requireFit(SearchField field, Domain domain) {
        boolean fits = domain instanceof Domain.Range range
                ? range.field() == field
                : ((Domain.Choice) domain).values().stream().allMatch(value -> value.field() == field);
        InvalidInputException.require(
                pointer(field), fits, "%s must have values of its own kind".formatted(field.id()));
    }

    /** Rejects layers with a setting of their own that is searched for all layers too. */
    private static void requireOwnOnly(Map<SearchField, Domain> domains, SearchField field) {
        if (!(domains.get(SearchField.HIDDEN) instanceof Domain.Choice hidden) || !domains.containsKey(field)) {
            return;
        }
        for (int value = 0; value < hidden.values().size(); value++) {
            List<Setting.Layer> layers = ((Setting.Hidden) hidden.values().get(value)).layers();
            for (int layer = 0; layer < layers.size(); layer++) {
                Object own = field == SearchField.ACTIVATION
                        ? layers.get(layer).activation()
                        : layers.get(layer).dropout();
                InvalidInputException.require(
                        "%s/values/%d/%d/%s".formatted(pointer(SearchField.HIDDEN), value, layer, field.id()),
                        own == null,
                        "%s is searched for all hidden layers, but hidden has a layer with its own"
                                .formatted(field.id()));
            }
        }
    }

    /**
     * The space that is searched by default: that of Holzmüller et al. 2024 for networks of their recipe. For others the
     * learning rate is searched around that of the model.
     *
     * @param architecture with everything found from the data
     */
    static SearchSpace around(ModelSpec spec, Architecture architecture) {
        Map<SearchField, Domain> domains = new EnumMap<>(SearchField.class);
        domains.put(
                SearchField.HIDDEN,
                new Domain.Choice(
                        List.of(layers(3, 256), layers(3, 256), layers(3, 256), layers(5, 64), layers(1, 512))));
        domains.put(
                SearchField.ACTIVATION,
                new Domain.Choice(Stream.of(Activation.SELU, Activation.MISH, Activation.RELU)
                        .<Setting>map(Setting.HiddenActivation::new)
                        .toList()));
        domains.put(SearchField.DROPOUT, numbers(SearchField.DROPOUT, 0, 0.15, 0.3));
        double rate = Double.parseDouble(Float.toString(spec.plan().learningRate())); // as it is written
        if (spec.preset() != null) {
            domains.put(
                    SearchField.LEARNING_RATE,
                    new Domain.Range(SearchField.LEARNING_RATE, 0.02, 0.3, Domain.Scale.LOG));
        } else if (rate > 0) { // not a warm-up from 0
            domains.put(
                    SearchField.LEARNING_RATE,
                    new Domain.Range(SearchField.LEARNING_RATE, rate / 10.0, rate * 10.0, Domain.Scale.LOG));
        }
        if (spec.plan().optimizer() instanceof Optimizer.Adam || spec.plan().optimizer() instanceof Optimizer.AdamW) {
            domains.put(SearchField.WEIGHT_DECAY, numbers(SearchField.WEIGHT_DECAY, 0, 0.02));
        }
        if (architecture.hasProbabilities()) {
            domains.put(SearchField.LABEL_SMOOTHING, numbers(SearchField.LABEL_SMOOTHING, 0, 0.1));
        }
        return new SearchSpace(domains);
    }

    private static Setting layers(int count, int units) {
        return new Setting.Hidden(Collections.nCopies(count, new Setting.Layer(units, null, null)));
    }

    private static Domain numbers(SearchField field, double... values) {
        return new Domain.Choice(Arrays.stream(values)
                .<Setting>mapToObj(value -> new Setting.Numeric(field, value))
                .toList());
    }

    /** Whether a range is searched, from which a grid takes some points. */
    boolean hasRange() {
        return domains.values().stream().anyMatch(Domain.Range.class::isInstance);
    }

    /** The JSON pointer to a field of the space. */
    public static String pointer(SearchField field) {
        return "/%s/%s".formatted(FIELD, field.id());
    }
}
