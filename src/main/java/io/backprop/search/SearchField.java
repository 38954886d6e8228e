package io.backprop.search;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A hyper-parameter of a model that can be searched. A configuration is applied in the order of these constants: where one
 * depends on another, it comes later.
 */
public enum SearchField {
    HIDDEN("hidden"),
    ACTIVATION("activation"),
    INITIALIZER("initializer"),
    OPTIMIZER("optimizer"),
    LEARNING_RATE_SCHEDULE("learningRateSchedule"),
    LEARNING_RATE("learningRate", Numbers.POSITIVE),
    DROPOUT("dropout", Numbers.SHARE),
    LABEL_SMOOTHING("labelSmoothing", Numbers.SHARE),
    WEIGHT_DECAY("weightDecay", Numbers.NOT_NEGATIVE),
    BATCH_SIZE("batchSize", Numbers.POSITIVE_INTEGER),
    L1("l1", Numbers.NOT_NEGATIVE),
    L2("l2", Numbers.NOT_NEGATIVE),
    GLOBAL_CLIP_NORM("globalClipNorm", Numbers.POSITIVE),
    FRONT_SCALE("frontScale", Numbers.NOT_NEGATIVE);

    private final String id;
    private final @Nullable Numbers numbers;

    SearchField(String id) {
        this(id, null);
    }

    SearchField(String id, @Nullable Numbers numbers) {
        this.id = id;
        this.numbers = numbers;
    }

    /** The numbers that a field may have. */
    private enum Numbers {
        POSITIVE,
        NOT_NEGATIVE,
        SHARE,
        POSITIVE_INTEGER;

        private void require(String name, double value) {
            float number = (float) value;
            requireArgument(Float.isFinite(number), "%s must be a finite number, but was %s", name, value);
            switch (this) {
                case POSITIVE -> requireArgument(number > 0, "%s must be greater than 0, but was %s", name, value);
                case NOT_NEGATIVE -> requireArgument(number >= 0, "%s must be at least 0, but was %s", name, value);
                case SHARE ->
                    requireArgument(
                            number >= 0 && number < 1,
                            "%s must be at least 0 and less than 1, but was %s",
                            name,
                            value);
                case POSITIVE_INTEGER ->
                    requireArgument(
                            value == (int) value && value >= 1,
                            "%s must be an integer of at least 1, but was %s",
                            name,
                            value);
            }
        }
    }

    /** The name of the setting in requests and results, for example {@code learningRate}. */
    public String id() {
        return id;
    }

    /** Whether the setting is a number, of which a range can be searched. */
    public boolean isNumeric() {
        return numbers != null;
    }

    public boolean isInteger() {
        return numbers == Numbers.POSITIVE_INTEGER;
    }

    /** Throws unless the field may have this number. */
    void requireNumber(String name, double value) {
        requireArgument(isNumeric(), "%s must be values, since they are not numbers", id);
        requireNonNull(numbers).require(name, value);
    }
}
