# One image for web, worker, beat and migrate; docker-compose.yml names what each runs.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --create-home --home-dir /home/legalds legalds \
    && install -d -o legalds -g legalds -m 0700 /data
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY manage.py ./
COPY legalds legalds
COPY providers providers
COPY generation generation
COPY samples samples
# Built as in production, so that the manifest fits; the values are of this step alone and stay in no layer.
RUN python -m compileall -q legalds providers generation samples \
    && DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost/0 ALLOWED_HOSTS=localhost \
       SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
       FERNET_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
       python manage.py collectstatic --noinput
USER legalds
ENV LEGALDS_DATA=/data
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "legalds.web", "0.0.0.0:8000"]
