"""A real S3 service for tests: SeaweedFS from PyPI, on free loopback ports, in a temporary folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.servers.shared import ServerKind

ACCESS_KEY = "tests"
SECRET_KEY = "tests-secret"
REGION = "us-east-1"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class S3Server:
    """A running S3 service with one empty bucket."""

    endpoint: str
    bucket: str

    def url(self, base: str, bucket: str | None = None) -> str:
        """Return the storage address of a part of the bucket of its own, such as one test's."""
        return f"s3://{bucket or self.bucket}/{base}?endpoint={quote(self.endpoint, safe='')}&region={REGION}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables from which boto3 takes its credentials."""
        return {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}

    def client(self) -> Any:
        """Return a bare boto3 client, to look and to damage behind the store's back; the caller closes it."""
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(connect_timeout=2, read_timeout=20, retries={"total_max_attempts": 1}),
        )


def start(folder: Path) -> dict[str, Any]:
    """Start the service below `folder` and return its facts once it has kept and returned a file."""
    folder.mkdir()
    (folder / "data").mkdir()
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = _free_ports(8)
    names = ["s3", "master", "volume", "filer"]
    addresses = [f"-{name}.port={port}" for name, port in zip(names, ports, strict=False)]
    addresses += [f"-{name}.port.grpc={port}" for name, port in zip(names, ports[4:], strict=False)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("weed")),
                "server",
                f"-dir={folder / 'data'}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-s3",
                f"-s3.config={folder / 's3.json'}",
                "-s3.autoCreateBucket=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                "-master.telemetry=false",
                "-master.volumeSizeLimitMB=64",
                "-volume.max=16",
                "-volume.minFreeSpace=1MiB",
                *addresses,
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={"HOME": str(folder), "PATH": os.defpath},
            start_new_session=True,
        )
    found = S3Server(f"http://127.0.0.1:{ports[0]}", "evidence-tests")
    try:
        _wait_until_it_works(found, server, folder / "log")
    except BaseException:
        server.kill()
        raise
    # The process outlives this object on purpose: other processes of the test run use the server too.
    server.returncode = 0
    return {"pid": server.pid, "endpoint": found.endpoint, "bucket": found.bucket}


# A graceful stop takes 16 s, and nothing in the folder is wanted afterwards.
KIND = ServerKind("s3", start, signal.SIGKILL)


def _wait_until_it_works(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    client = server.client()
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            client.create_bucket(Bucket=server.bucket)
            # The first file makes the server lay out its volumes, which takes some seconds: not a test's time.
            client.put_object(Bucket=server.bucket, Key="ready", Body=b"ready")
            client.delete_object(Bucket=server.bucket, Key="ready")
            break
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"SeaweedFS did not start: {error}\n{log.read_text()[-2000:]}") from error
            time.sleep(0.1)
    client.close()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
