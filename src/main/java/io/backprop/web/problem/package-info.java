/**
 * Problems as in RFC 9457: their types, and the translation of exceptions of the web layer.
 */
@NullMarked
package io.backprop.web.problem;

import org.jspecify.annotations.NullMarked;
