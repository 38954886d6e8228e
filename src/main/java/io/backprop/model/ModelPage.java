package io.backprop.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the models, newest first.
 *
 * @param next where the page that follows begins; null on the last one
 */
public record ModelPage(List<Model> models, @Nullable ModelCursor next) {}
