package io.backprop.search;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.IntStream;

/** The values of one hyper-parameter that a search may choose. */
public sealed interface Domain {

    /** The values in which no other one may be chosen. */
    long size();

    /**
     * A value.
     *
     * @param position in [0, 1)
     */
    Setting at(double position);

    /**
     * Values that cover the domain evenly, without repetitions.
     *
     * @param points number of points of a range, from both of its ends; a range of integers may have fewer
     */
    List<Setting> grid(int points);

    /**
     * One of some values.
     *
     * @param values equally likely; one that is repeated is so much more likely
     */
    record Choice(List<Setting> values) implements Domain {
        public Choice {
            requireArgument(!values.isEmpty(), "values must not be empty");
            values = List.copyOf(values);
        }

        @Override
        public long size() {
            return values.stream().distinct().count();
        }

        @Override
        public Setting at(double position) {
            return values.get((int) (position * values.size()));
        }

        @Override
        public List<Setting> grid(int points) {
            return values.stream().distinct().toList();
        }
    }

    /**
     * A number of a range: {@code min + u·(max − min)} on a linear scale, {@code min·(max / min)ᵘ} on a logarithmic one for a
     * position u. It is rounded to 4 significant digits or, for a field of integers, to one of the integers.
     *
     * @param min less than {@code max}; greater than 0 on a logarithmic scale
     */
    record Range(SearchField field, double min, double max, Scale scale) implements Domain {

        private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

        public Range {
            field.requireNumber("min", min);
            field.requireNumber("max", max);
            requireArgument(min < max, "min must be less than max, but was %s and max %s", min, max);
            requireArgument(
                    scale == Scale.LINEAR || min > 0,
                    "min must be greater than 0 on a logarithmic scale, but was %s",
                    min);
        }

        @Override
        public long size() {
            return field.isInteger() ? (long) (max - min) + 1 : Long.MAX_VALUE;
        }

        @Override
        public Setting at(double position) {
            if (field.isInteger()) { // each integer has a part of the range
                return setting(Math.floor(interpolate(position, min, max + 1)));
            }
            return setting(new BigDecimal(interpolate(position, min, max), DIGITS).doubleValue());
        }

        @Override
        public List<Setting> grid(int points) {
            int count = (int) Math.min(points, size());
            return IntStream.range(0, count)
                    .mapToDouble(point -> interpolate(count == 1 ? 0.5 : point / (count - 1.0), min, max))
                    .map(value -> field.isInteger() ? Math.rint(value) : new BigDecimal(value, DIGITS).doubleValue())
                    .mapToObj(this::setting)
                    .distinct()
                    .toList();
        }

        private double interpolate(double position, double from, double to) {
            return scale == Scale.LINEAR
                    ? from + position * (to - from)
                    : StrictMath.exp(StrictMath.log(from) + position * (StrictMath.log(to) - StrictMath.log(from)));
        }

        private Setting setting(double value) {
            return new Setting.Numeric(field, Math.min(max, Math.max(min, value)));
        }
    }

    /** How the numbers of a range are distributed. */
    enum Scale {
        LINEAR,
        LOG
    }
}
