/**
 * Strict JSON: unknown and duplicate fields, lossy conversions and numbers that are not finite are rejected. Matrices are\n * read into packed arrays of floats.
 */
@NullMarked
package io.backprop.web.json;

import org.jspecify.annotations.NullMarked;
