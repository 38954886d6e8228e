package io.backprop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server-sent event; without an id the id is empty. */
public record SentEvent(String id, String name, JsonNode data) {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** The events of a stream, without its comments. */
    public static List<SentEvent> parse(String stream) {
        List<SentEvent> events = new ArrayList<>();
        for (String block : stream.split("\n\n", -1)) {
            Map<String, String> fields = block.lines()
                    .filter(line -> !line.startsWith(":"))
                    .map(line -> line.split(":", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip()));
            if (fields.containsKey("data")) {
                events.add(new SentEvent(
                        fields.getOrDefault("id", ""),
                        fields.getOrDefault("event", ""),
                        MAPPER.readTree(fields.get("data"))));
            }
        }
        return events;
    }

    public int epoch() {
        return Integer.parseInt(id);
    }
}
