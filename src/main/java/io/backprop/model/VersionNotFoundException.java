package io.backprop.model;

/** The model never had, or no longer has, this version. */
public class VersionNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public VersionNotFoundException(String id, long version, long current) {
        super("version " + version + " of the model \"" + id + "\" is not kept; the current version is " + current);
    }
}
