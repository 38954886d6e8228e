/** Models over HTTP: create, get, list and delete; parameters and earlier versions. */
@NullMarked
package io.backprop.model.web;

import org.jspecify.annotations.NullMarked;
