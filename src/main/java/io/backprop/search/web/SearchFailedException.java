package io.backprop.search.web;

import io.backprop.search.Search;
import io.backprop.web.WaitPreference;

/** A request has waited for a search that failed. */
final class SearchFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    final transient Search search;
    final transient WaitPreference wait;

    SearchFailedException(Search search, WaitPreference wait) {
        super(search.training().outcome().error());
        this.search = search;
        this.wait = wait;
    }
}
