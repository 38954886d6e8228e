package io.backprop.store;

import io.backprop.interchange.ModelDescriptions;

/** The descriptions of models, for tests of other packages. */
public final class Descriptions {

    private Descriptions() {}

    public static ModelDescriptions json() {
        return new JsonModelDescriptions();
    }
}
