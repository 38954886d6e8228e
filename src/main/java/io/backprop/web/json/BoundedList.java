package io.backprop.web.json;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.ArrayList;

/** A list of limited length, other than of numbers or labels. MemoryTests sends the longest bodies of such lists. */
final class BoundedList<E> extends ArrayList<E> {

    static final int MAX_SIZE = 10_000;

    private static final long serialVersionUID = 1;

    @Override
    public boolean add(E element) {
        requireArgument(size() < MAX_SIZE, "a list may have at most %d elements here, but has more", MAX_SIZE);
        return super.add(element);
    }
}
