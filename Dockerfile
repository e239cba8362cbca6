# One image for the web server, the workers and the scheduler; compose.yaml says which one a container is.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/var/lib/parchemin \
    HOME=/tmp \
    PATH=/srv/parchemin/scripts:$PATH

WORKDIR /srv/parchemin

# What WeasyPrint draws with: the same list `make run` installs.
COPY scripts/system-libraries scripts/system-libraries
RUN scripts/system-libraries run && rm -rf /var/lib/apt/lists/*

COPY requirements/base.txt requirements/base.txt
RUN python -m pip install --no-cache-dir --no-compile --require-hashes --no-deps -r requirements/base.txt

COPY . .
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp parchemin \
    && install -d -o parchemin -g parchemin -m 0750 "$DATA_DIR"

USER parchemin
VOLUME ["/var/lib/parchemin"]
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--preload", \
     "--threads", "4", "--max-requests", "5000", "--max-requests-jitter", "500", "--worker-tmp-dir", "/tmp"]
