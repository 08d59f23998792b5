"""What a browser does once its user has answered where a login was asked for.

    browser.py ASKED NAME=VALUE ...

Goes to where ASKED says that the answer is awaited, with the answer's names and values, and says
which status comes back.
"""

import sys
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener

PATIENCE = 20.0


def main() -> None:
    """Goes there once."""
    asked, *answer = sys.argv[1:]
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    told = dict(one.split("=", 1) for one in answer)
    target = f"{query['redirect_uri']}?{urlencode({**told, 'state': query['state']})}"
    try:
        with build_opener(ProxyHandler({})).open(target, timeout=PATIENCE) as response:
            print(response.status)
    except HTTPError as error:
        print(error.code)
        error.close()


if __name__ == "__main__":
    main()
