package io.backprop.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of models, newest first.
 *
 * @param next the start of the next page; null on the last page
 */
public record ModelPage(List<Model> models, @Nullable PageCursor next) {}
