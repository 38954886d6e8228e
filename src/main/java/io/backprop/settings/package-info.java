/** The check of the service's own settings, those under {@code backprop}. */
@NullMarked
package io.backprop.settings;

import org.jspecify.annotations.NullMarked;
