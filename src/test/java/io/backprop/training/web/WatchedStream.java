package io.backprop.training.web;

import io.backprop.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A stream of events, of which there is more as time goes on. */
final class WatchedStream implements Flow.Subscriber<String> {

    private final StringBuffer text = new StringBuffer();
    private final CompletableFuture<String> whole = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        text.append(line).append('\n');
    }

    @Override
    public void onError(Throwable error) {
        whole.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        whole.complete(text.toString());
    }

    /** Those that have come. */
    List<SentEvent> events() {
        return SentEvent.parse(text.toString());
    }

    void awaitEvents(int count) {
        Await.until(() -> events().size() >= count);
    }

    /** How many comments have come. */
    long comments() {
        return text.toString().lines().filter(line -> line.startsWith(":")).count();
    }

    /** The text, when the stream has ended. */
    String whole() {
        return Await.result(whole);
    }

    List<SentEvent> allEvents() {
        return SentEvent.parse(whole());
    }
}
