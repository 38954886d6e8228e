package io.backprop.search;

import io.backprop.model.InvalidInputException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /** The JSON pointer to a field of the space. */
    public static String pointer(SearchField field) {
        return "/%s/%s".formatted(FIELD, field.id());
    }
}
