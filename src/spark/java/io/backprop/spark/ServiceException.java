package io.backprop.spark;

/** A request that the service did not carry out. */
abstract sealed class ServiceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private ServiceException(String message) {
        super(message);
    }

    /** The service can't be reached or is overloaded; a later attempt may succeed. */
    static final class Unavailable extends ServiceException {

        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }
    }

    /** The key is missing or wrong, or its scope does not include the request. */
    static final class AccessDenied extends ServiceException {

        private static final long serialVersionUID = 1;

        AccessDenied(String message) {
            super(message);
        }
    }

    /** Another driver has the claim, or the work is over. */
    static final class ClaimLost extends ServiceException {

        private static final long serialVersionUID = 1;

        ClaimLost(String message) {
            super(message);
        }
    }

    /** The service rejected the request. */
    static final class Rejected extends ServiceException {

        private static final long serialVersionUID = 1;

        Rejected(String message) {
            super(message);
        }
    }
}
