/** Models as files over HTTP. */
@NullMarked
package io.backprop.interchange.web;

import org.jspecify.annotations.NullMarked;
