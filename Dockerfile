# syntax=docker/dockerfile:1
FROM eclipse-temurin:25-jdk AS build
WORKDIR /build
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
# The cache mount keeps Maven and its downloads between builds.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B package -DskipTests && \
    java -Djarmode=tools -jar target/backprop-*.jar extract --layers --destination layers --application-filename backprop.jar

FROM eclipse-temurin:25-jre
# Fails the build if the runtime lacks the module of the SIMD kernel.
RUN java --add-modules=jdk.incubator.vector --version
RUN useradd --system --uid 10001 --no-create-home backprop && install -d -o backprop /data
WORKDIR /app
# The layers that change least come first, so that a new version adds only a small layer.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# A class data sharing archive of the classes loaded at startup shortens the start by a third.
RUN java -XX:ArchiveClassesAtExit=backprop.jsa --add-modules=jdk.incubator.vector -Dspring.context.exit=onRefresh \
        -jar backprop.jar --backprop.store.folder=/tmp/store && \
    rm -r /tmp/store
USER backprop
ENV SERVER_ADDRESS=0.0.0.0
# SQLite's native library is loaded from the store folder, because /tmp may be mounted with noexec.
ENV BACKPROP_STORE_FOLDER=/data
# Long responses are buffered there as well, since /tmp may be in memory.
ENV BACKPROP_SPOOL_FOLDER=/data
EXPOSE 8080
VOLUME /data
# The base image may lack curl and wget, but has bash.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]
# The heap takes three quarters of the container's memory; the rest is for threads, code and the page cache.
# Should memory run out all the same, the process ends, is restarted and resumes its trainings.
ENTRYPOINT ["java", "-XX:SharedArchiveFile=backprop.jsa", "--add-modules=jdk.incubator.vector", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-jar", "backprop.jar"]
