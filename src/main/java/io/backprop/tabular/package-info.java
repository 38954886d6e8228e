/**
 * Tables with named columns of numbers, text, dates and missing values, and their encoding as inputs of a network.
 *
 * <ul>
 *   <li>A {@link io.backprop.tabular.RowSink} receives a table cell by cell, for example from
 *       {@link io.backprop.tabular.CsvTables}.
 *   <li>For training, a {@link io.backprop.tabular.TableBuilder} collects a {@link io.backprop.tabular.Table} in memory
 *       and infers the types of its columns. {@link io.backprop.tabular.TableExamples} fits the
 *       {@link io.backprop.tabular.Feature}s of a model to some of its rows and encodes rows as inputs.
 *   <li>For prediction, a {@link io.backprop.tabular.RowEncoder} encodes rows in batches for a model with known features.
 * </ul>
 *
 * <p>Every number is parsed as a double and rounded to a float, however a table is read, so that the same table always
 * gives the same bits. Plain Java, like the engine.
 */
@NullMarked
package io.backprop.tabular;

import org.jspecify.annotations.NullMarked;
