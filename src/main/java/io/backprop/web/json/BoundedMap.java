package io.backprop.web.json;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** An object of any names in a body: with more fields than make sense, it is read no further. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;

    @Override
    public @Nullable V put(K key, V value) {
        requireArgument(
                size() < BoundedList.LONGEST,
                "an object may have at most %d fields here, but has more",
                BoundedList.LONGEST);
        return super.put(key, value);
    }
}
