# syntax=docker/dockerfile:1
# An exact version of the JDK. Update it with each release, four times a year.
ARG JAVA=25.0.3_9

FROM eclipse-temurin:${JAVA}-jdk-noble AS build
WORKDIR /build
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
# The cache mount keeps Maven and its downloads between builds.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B package -DskipTests && \
    java -Djarmode=tools -jar target/backprop-*.jar extract --layers --destination layers --application-filename backprop.jar

FROM build AS build-spark
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -f src/spark package -DskipTests

# The driver of docker-compose.spark.yml: Spark with one more jar. The service's image, below, has nothing of it.
FROM apache/spark:4.2.0-scala2.13-java17-ubuntu AS spark
COPY --from=build-spark /build/src/spark/target/backprop-spark-*.jar /opt/backprop/backprop-spark.jar

FROM eclipse-temurin:${JAVA}-jre-noble
# Fails the build if the runtime lacks the module of the SIMD kernel.
RUN java --add-modules=jdk.incubator.vector --version
RUN useradd --system --uid 10001 --no-create-home backprop && install -d -o backprop /data
WORKDIR /app
# The layers that change least come first, so that a new version adds only a small layer.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# An ahead-of-time cache of the classes that a start, a training and a prediction load. It shortens the start by a third.
RUN <<EOF
#!/bin/bash
set -eu
java -XX:AOTCacheOutput=backprop.aot --add-modules=jdk.incubator.vector -jar backprop.jar --backprop.store.folder=/tmp/store &
service=$!
request() { # succeeds if the response does
    exec 3<>/dev/tcp/127.0.0.1/8080
    printf '%s HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "${#2}" "$2" >&3
    grep -q '^HTTP/1.1 20' <&3
}
until request 'GET /actuator/health/readiness' '' 2>/dev/null; do
    kill -0 $service
    sleep 0.2
done
request 'POST /models' '{"id": "xor", "layerCount": 2}'
request 'POST /models/xor/train' '{"inputs": [[0,0],[0,1],[1,0],[1,1]], "targets": [0,1,1,0], "epochs": 1000}'
for i in {1..100}; do
    request 'POST /models/xor/predict' '{"inputs": [[0,1]]}'
done
kill $service
wait $service || true
test -s backprop.aot
rm -r /tmp/store
EOF
USER backprop
# Reachable from outside of the container, so that requests need a key: one of BACKPROP_API_KEYS, or else the generated one
# in /data/admin-key.
ENV SERVER_ADDRESS=0.0.0.0
# SQLite's native library is loaded from the store folder, because /tmp may be mounted with noexec.
ENV BACKPROP_STORE_FOLDER=/data
# Long responses are buffered there as well, since /tmp may be in memory.
ENV BACKPROP_SPOOL_FOLDER=/data
EXPOSE 8080
VOLUME /data
# Readiness needs neither a key nor a known host. The base image may lack curl and wget, but has bash.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]
# The heap takes three quarters of the container's memory; the rest is for threads, code and the page cache.
# Should memory run out all the same, the process ends, is restarted and resumes its trainings.
ENTRYPOINT ["java", "-XX:AOTCache=backprop.aot", "--add-modules=jdk.incubator.vector", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-jar", "backprop.jar"]
