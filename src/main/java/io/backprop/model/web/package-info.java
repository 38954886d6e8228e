/**
 * Models over HTTP: describe, look at, delete; predict and evaluate; parameters in and out. Requests check their shape and
 * translate themselves; a controller's method is one line per step.
 */
@NullMarked
package io.backprop.model.web;

import org.jspecify.annotations.NullMarked;
