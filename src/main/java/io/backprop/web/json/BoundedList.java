package io.backprop.web.json;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.ArrayList;

/** A list in a body, other than of numbers or labels: longer than anything that makes sense, it is read no further. */
final class BoundedList<E> extends ArrayList<E> {

    static final int LONGEST = 10_000;

    private static final long serialVersionUID = 1;

    @Override
    public boolean add(E element) {
        requireArgument(size() < LONGEST, "a list may have at most %d elements here, but has more", LONGEST);
        return super.add(element);
    }
}
