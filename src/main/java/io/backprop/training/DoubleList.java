package io.backprop.training;

import java.nio.DoubleBuffer;
import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A list of the doubles in a buffer, with null in place of NaN. It takes a third of the memory of boxed ones. */
public final class DoubleList extends AbstractList<@Nullable Double> implements RandomAccess {

    private final DoubleBuffer values;

    /** Creates a list of all doubles up to the limit of a buffer. */
    public DoubleList(DoubleBuffer values) {
        this.values = values;
    }

    @Override
    public @Nullable Double get(int index) {
        double value = values.get(Objects.checkIndex(index, values.limit()));
        return Double.isNaN(value) ? null : value;
    }

    @Override
    public int size() {
        return values.limit();
    }
}
