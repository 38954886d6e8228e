/**
 * Problem details (RFC 9457): types of problems, and the translation of exceptions of Spring and of the packages below
 * the web layer. The advice of each feature translates the feature's exceptions.
 */
@NullMarked
package io.backprop.web.problem;

import org.jspecify.annotations.NullMarked;
