"""A process without a will of its own: it passes on to a test what the client writes to it, and
does what the test says.

Run as `relay.py PORT`. What passes between the test and this process are frames: a letter, the
length of the payload in four bytes, the payload.

To the test: `I` input that came, `E` the input has ended, `A` an order was carried out.
From the test: `O` write output, `L` write to standard error, `C` close the output, `R` stop reading
the input, `T` live on when the input ends and when told to end, `G` start a process that holds the
same pipes, `X` exit.
"""

import os
import signal
import socket
import struct
import sys
import threading

GRANDCHILD = """
import signal, socket, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).recv(1)
"""


class Relay:
    """The connection to the test."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.stubborn = False
        self.reading = True
        self._sending = threading.Lock()

    def tell(self, letter: bytes, payload: bytes = b"") -> None:
        with self._sending:
            self.socket.sendall(letter + struct.pack(">I", len(payload)) + payload)

    def pass_on_input(self) -> None:
        while self.reading:
            data = os.read(0, 1 << 20)
            if not data:
                self.tell(b"E")
                if not self.stubborn:
                    os._exit(0)
                return
            self.tell(b"I", data)

    def obey(self) -> None:
        orders = self.socket.makefile("rb")
        while head := orders.read(5):
            (length,) = struct.unpack(">I", head[1:])
            self.carry_out(head[:1], orders.read(length))
        os._exit(9)  # The test is over.

    def carry_out(self, letter: bytes, payload: bytes) -> None:
        if letter in (b"O", b"L"):
            write_all(1 if letter == b"O" else 2, payload)
            return
        if letter == b"X":
            os._exit(int(payload))
        if letter == b"C":
            os.close(1)
        elif letter == b"R":
            self.reading = False
        elif letter == b"T":
            self.stubborn = True
        elif letter == b"G":
            import subprocess  # Only now: most tests don't need it, and all wait for the start.

            subprocess.Popen([sys.executable, "-I", "-S", "-c", GRANDCHILD, str(self.port)])
        self.tell(b"A")


def write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def main() -> None:
    relay = Relay(int(sys.argv[1]))

    def told_to_end(number: int, frame: object) -> None:
        if not relay.stubborn:
            os._exit(0)

    signal.signal(signal.SIGTERM, told_to_end)
    threading.Thread(target=relay.pass_on_input, daemon=True).start()
    relay.obey()


if __name__ == "__main__":
    main()
