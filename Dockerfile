# Two stages: the first runs the step that `make run` runs, the second holds its outcome and nothing that builds.
FROM python:3.11-slim-bookworm AS made
RUN apt-get update -qq && apt-get install -qq --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/motcua
COPY . .
RUN make .venv/serve.stamp && .venv/bin/python -m compileall -q idp oidc consent clients keys ledger store

FROM python:3.11-slim-bookworm
COPY --from=made /opt/motcua /opt/motcua
RUN useradd --system --uid 10001 --home-dir /data motcua && install -d -o motcua -g motcua -m 0700 /data
ENV PATH=/opt/motcua/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
    MOTCUA_DATA=/data MOTCUA_HOST=0.0.0.0 MOTCUA_METRICS_HOST=0.0.0.0
USER 10001:10001
WORKDIR /data
# Everything that changes is here, so the root file system may be read-only.
VOLUME /data
EXPOSE 8000 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["motcua", "serve"]
