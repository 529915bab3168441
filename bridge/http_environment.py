"""Proxies and certificates of the environment, for sessions that call one address all the time."""

import requests


def settle_environment(session: requests.Session, url: str) -> None:
    """Give the session for good what the environment says of calls to `url`.

    Left alone, requests reads all environment variables, and a .netrc file that could replace the
    authorization, at each call: a tenth of a worker's time for a ticket.
    """
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies = settings["proxies"]
    session.verify = settings["verify"]
    session.cert = settings["cert"]
    session.trust_env = False
