"""Time-stamps after RFC 3161: from the office's own authority, or from one over HTTP."""

from datetime import datetime

import aiohttp
from asn1crypto import cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from pyhanko.sign.general import as_signing_certificate, simple_cms_attribute
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, get_nonce
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.clock import Clock
from signing.errors import TimestampUnavailableError
from signing.identity import Pkcs12Identity

# An arc for examples (RFC 9372 has none for tests): it promises nothing beyond this office.
_POLICY = "2.25.329800735698586629295641978511506172918"
_DIGEST = "sha256"

TimestampSource = TimeStamper
"""The port: `async_timestamp(digest, algorithm)` gives a token, or TimestampUnavailableError."""


class LocalTimestampAuthority(DummyTimeStamper):
    """Gives tokens in this process, by the office's clock, with a random serial number."""

    def __init__(self, identity: Pkcs12Identity, *, clock: Clock) -> None:
        chain = SimpleCertificateStore.from_certs(identity.chain)
        super().__init__(identity.certificate, identity.key_info, chain)
        self._key = identity.key
        self._clock = clock

    def request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer a request (RFC 3161 §2.4.2)."""
        self.fixed_dt = self._clock.now()
        return super().request_tsa_response(req)

    def _build_tst_info(
        self, message_imprint: tsp.MessageImprint, dt: datetime, req: tsp.TimeStampReq
    ) -> tsp.TSTInfo:
        values = {
            "version": "v1",
            "policy": tsp.ObjectIdentifier(_POLICY),
            "message_imprint": message_imprint,
            "serial_number": get_nonce(),
            "gen_time": dt.replace(microsecond=0),
            "accuracy": tsp.Accuracy({"seconds": 1}),
            "tsa": x509.GeneralName(name="directory_name", value=self.tsa_cert.subject),
        }
        if req["nonce"].native is not None:
            values["nonce"] = req["nonce"]
        return tsp.TSTInfo(values)

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        """Sign with the key that was parsed once."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute(
                    "signing_time", cms.Time({"utc_time": core.UTCTime(dt.replace(microsecond=0))})
                ),
                simple_cms_attribute("signing_certificate", as_signing_certificate(self.tsa_cert)),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        assert md_algorithm == _DIGEST  # noqa: S101 - what we ask for
        signature = self._key.sign(attributes.dump(), PKCS1v15(), hashes.SHA256())
        return signature, attributes


class HttpTimestampAuthority(HTTPTimeStamper):
    """Asks an authority over HTTP (RFC 3161 §3.4); whatever goes wrong means: later."""

    def __init__(self, url: str, *, timeout_seconds: float = 5.0) -> None:
        super().__init__(url, timeout=timeout_seconds)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send a request and return the answer.

        Raises:
            TimestampUnavailableError: no answer, a wrong one, or a refusal.
        """
        try:
            return await super().async_request_tsa_response(req)
        except (
            TimestampRequestError,
            aiohttp.ClientError,
            TimeoutError,
            ValueError,
            OSError,
        ) as error:
            raise TimestampUnavailableError(type(error).__name__) from error
