package io.backprop.search;

import io.backprop.engine.SplitMix64;
import io.backprop.model.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.random.SobolSequenceGenerator;

/** The configurations of the trials of a search, by number. That of trial 0 is the model as it is. */
sealed interface Sampling {

    /** The number of trials. */
    int trials();

    /** The configuration of a trial from 1. */
    Configuration sample(int number);

    default Configuration configuration(int trial) {
        return trial == 0 ? Configuration.NONE : sample(trial);
    }

    /**
     * The sampling of a strategy.
     *
     * @param trials number of trials, with trial 0; for a grid the most that it may have
     */
    static Sampling of(SearchStrategy strategy, SearchSpace space, int trials, long seed) {
        return strategy == SearchStrategy.GRID ? Grid.of(space, trials) : new Sobol(space, trials, seed);
    }

    /**
     * Points of a Sobol sequence with one dimension for each field, which are shifted by the seed modulo 1. Joe and Kuo 2008,
     * Cranley and Patterson 1976.
     */
    record Sobol(SearchSpace space, int trials, long seed) implements Sampling {

        private static final long BRANCH = 0x736f626f6cL; // of the seed

        @Override
        public Configuration sample(int number) {
            SobolSequenceGenerator sequence =
                    new SobolSequenceGenerator(space.domains().size());
            double[] point = sequence.skipTo(number - 1);
            SplitMix64 shifts = new SplitMix64(SplitMix64.derive(seed, BRANCH));
            Map<SearchField, Setting> settings = new EnumMap<>(SearchField.class);
            int dimension = 0;
            for (Map.Entry<SearchField, Domain> entry : space.domains().entrySet()) {
                double shifted = point[dimension++] + (shifts.nextLong() >>> 11) * 0x1p-53;
                settings.put(entry.getKey(), entry.getValue().at(shifted < 1 ? shifted : shifted - 1));
            }
            return new Configuration(settings);
        }
    }

    /** All combinations of some values of each field. The field whose name comes last changes fastest. */
    record Grid(Map<SearchField, List<Setting>> values, int trials) implements Sampling {

        private static final int LEAST_POINTS = 2; // of a range

        /** Takes as many points of each range as the number of trials allows. */
        static Grid of(SearchSpace space, int most) {
            long combinations = combinations(space, LEAST_POINTS);
            if (combinations > most - 1) {
                throw tooLarge(space, combinations, most);
            }
            int points = LEAST_POINTS;
            for (long more = combinations(space, points + 1);
                    more > combinations && more <= most - 1;
                    more = combinations(space, points + 1)) {
                combinations = more;
                points++;
            }
            Map<SearchField, List<Setting>> values = new LinkedHashMap<>();
            for (Map.Entry<SearchField, Domain> entry : space.domains().entrySet()) {
                values.put(entry.getKey(), entry.getValue().grid(points));
            }
            return new Grid(values, 1 + size(values));
        }

        /** The number of combinations; that of integer ranges may be a little less. */
        private static long combinations(SearchSpace space, int points) {
            return space.domains().values().stream()
                    .mapToLong(domain -> values(domain, points))
                    .reduce(1, (product, count) -> product > Long.MAX_VALUE / count ? Long.MAX_VALUE : product * count);
        }

        private static long values(Domain domain, int points) {
            return domain instanceof Domain.Range ? Math.min(points, domain.size()) : domain.size();
        }

        private static InvalidInputException tooLarge(SearchSpace space, long combinations, int most) {
            SearchField largest = space.domains().entrySet().stream()
                    .max(Comparator.comparingLong(entry -> values(entry.getValue(), LEAST_POINTS)))
                    .orElseThrow()
                    .getKey();
            return new InvalidInputException(
                    SearchSpace.pointer(largest),
                    "a grid may have at most %d combinations beside the model as it is, but this one has %s%s; give fewer values, or search without a grid"
                            .formatted(
                                    most - 1,
                                    space.hasRange() ? "at least " : "",
                                    combinations == Long.MAX_VALUE ? "more than 10^18" : combinations));
        }

        private static int size(Map<SearchField, List<Setting>> values) {
            return values.values().stream().mapToInt(List::size).reduce(1, Math::multiplyExact);
        }

        @Override
        public Configuration sample(int number) {
            Map<SearchField, Setting> settings = new EnumMap<>(SearchField.class);
            int rest = number - 1;
            List<Map.Entry<SearchField, List<Setting>>> fields = new ArrayList<>(values.entrySet());
            Collections.reverse(fields);
            for (Map.Entry<SearchField, List<Setting>> field : fields) {
                List<Setting> choices = field.getValue();
                settings.put(field.getKey(), choices.get(rest % choices.size()));
                rest /= choices.size();
            }
            return new Configuration(settings);
        }
    }
}
