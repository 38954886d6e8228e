/**
 * Strict JSON: unknown and duplicate fields, conversions between types and numbers that are not finite are rejected.
 * Matrices are read into packed arrays of floats. Settings of the engine that several features show have their form here.
 */
@NullMarked
package io.backprop.web.json;

import org.jspecify.annotations.NullMarked;
