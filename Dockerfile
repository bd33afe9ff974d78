# Rolebook with its encoder inside; the index lies in the volume /data.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY ingest ingest
COPY index index
COPY search search
COPY api api
COPY corpus corpus
RUN python -m venv /opt/rolebook && \
    /opt/rolebook/bin/pip install --no-cache-dir '.[otel,postgres]' -c constraints.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data rolebook && install --directory --owner=rolebook /data
COPY --from=build /opt/rolebook /opt/rolebook
ENV PATH=/opt/rolebook/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    ROLEBOOK_HOME=/data \
    ROLEBOOK_HOST=0.0.0.0
USER 10001
VOLUME /data
EXPOSE 8000
# any answer of /healthz is given without a key; wrong_host (421) would mean ROLEBOOK_ALLOWED_HOSTS lacks 127.0.0.1
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["rolebook"]
CMD ["serve"]
