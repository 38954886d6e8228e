package io.backprop.web.json;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** A map of limited size. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;

    @Override
    public @Nullable V put(K key, V value) {
        requireArgument(
                size() < BoundedList.MAX_SIZE,
                "an object may have at most %d fields here, but has more",
                BoundedList.MAX_SIZE);
        return super.put(key, value);
    }
}
