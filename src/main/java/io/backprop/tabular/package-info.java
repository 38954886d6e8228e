/**
 * Between what people have, names and numbers, and what the engine takes, numbers. {@link io.backprop.tabular.Targets} is
 * what a column to predict may hold; {@link io.backprop.tabular.LabelEncoding} turns names of classes into outputs and
 * back. Plain Java, like the engine.
 */
@NullMarked
package io.backprop.tabular;

import org.jspecify.annotations.NullMarked;
