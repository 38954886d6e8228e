package io.backprop;

/**
 * A call that the console shows as a command.
 *
 * @param operation method and path
 * @param text the command for a shell
 * @param status the status that the browser received
 * @param body the body that the browser received; empty for events
 */
record ShownCommand(String operation, String text, int status, String body) {}
