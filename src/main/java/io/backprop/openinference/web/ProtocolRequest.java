package io.backprop.openinference.web;

/** A body of the protocol, which is JSON under any {@code Content-Type}. */
interface ProtocolRequest {}
