/**
 * Between what people have, named columns of numbers, words, dates and gaps, and what the engine takes, numbers: a
 * {@link io.backprop.tabular.TableBuilder} packs the rows of a table as they are read, for example by
 * {@link io.backprop.tabular.CsvTables}, and {@link io.backprop.tabular.TableExamples} finds from some of them the
 * {@link io.backprop.tabular.Feature}s of a model and turns rows into inputs. For a model that has its features
 * already, a {@link io.backprop.tabular.RowEncoder} does so with some rows at a time, as they come. Cells are floats in
 * one array from the first to the last, and numbers go through the same text, double and float on every way in, so that
 * the same table gives the same bits. Plain Java, like the engine: nothing here knows of HTTP or JSON.
 */
@NullMarked
package io.backprop.tabular;

import org.jspecify.annotations.NullMarked;
