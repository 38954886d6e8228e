/**
 * Infrastructure shared by all controllers. The subpackages know no feature; each feature adds its own problem types and its
 * own {@code @RestControllerAdvice}.
 */
@NullMarked
package io.backprop.web;

import org.jspecify.annotations.NullMarked;
