package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

/** A client of an event stream, which collects what it receives. */
public final class WatchedStream {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Future<HttpResponse<Void>> end;

    public WatchedStream(HttpClient client, HttpRequest request) {
        end = client.sendAsync(request, BodyHandlers.fromLineSubscriber(new Reader(lines)));
    }

    private record Reader(Queue<String> lines) implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            lines.add(line);
        }

        @Override
        public void onError(Throwable error) {} // the response fails too

        @Override
        public void onComplete() {}
    }

    /** The events so far. */
    public List<SentEvent> events() {
        return SentEvent.parse(String.join("\n", lines));
    }

    public void awaitEvents(int count) {
        Await.until(() -> events().size() >= count);
    }

    /** The number of comments so far. */
    public long comments() {
        return lines.stream().filter(line -> line.startsWith(":")).count();
    }

    /** All events, once the stream has ended. */
    public List<SentEvent> allEvents() {
        assertThat(Await.result(end).statusCode()).isEqualTo(200);
        return events();
    }
}
