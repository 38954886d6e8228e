/** The application. Each subpackage is one concept of the service. */
@NullMarked
package io.backprop;

import org.jspecify.annotations.NullMarked;
