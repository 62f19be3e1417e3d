# syntax=docker/dockerfile:1
# One image for every process: `web`, `worker QUEUE`, `beat`, `manage …`. For linux/amd64 and
# linux/arm64: docker buildx build --platform linux/amd64,linux/arm64 --tag leave-a-reply .
FROM python:3.13-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/leave-a-reply
WORKDIR /source
# Every library is a built wheel: there is no compiler, neither here nor in the image.
COPY requirements.txt requirements-context.txt requirements-observability.txt ./
RUN /opt/leave-a-reply/bin/pip install --only-binary :all: \
        -r requirements.txt -r requirements-context.txt -r requirements-observability.txt
COPY . .
RUN /opt/leave-a-reply/bin/pip install --no-deps .

FROM python:3.13-slim-bookworm

LABEL org.opencontainers.image.title="Leave a Reply" \
      org.opencontainers.image.description="Comments for any website, moderated by yourself" \
      org.opencontainers.image.licenses="MIT AND CC-BY-SA-4.0 AND Apache-2.0"
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent reply \
    && install --directory --owner 10001 --mode 0700 /data
COPY --from=build /opt/leave-a-reply /opt/leave-a-reply
# What is kept lies below /data, and what is temporary in /tmp: all else may be read-only.
ENV PATH=/opt/leave-a-reply/bin:$PATH \
    DATA_DIR=/data/leave-a-reply \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001
VOLUME /data
EXPOSE 8000
# Of the web server; what runs another process switches it off.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["leave-a-reply"]
CMD ["web", "--bind", "0.0.0.0:8000"]
