# Rows of JSON on standard input; for each a line of JSON: what each detector of PyPI says of its text.
import json
import sys

from agentbastion import Firewall
from injectionguard import detect

firewall = Firewall()
for line in sys.stdin:
    text = json.loads(line)["text"]
    said = {
        "injectionguard 0.4.0": not detect(text).is_safe,
        "agentbastion 0.14.0": not firewall.check_tool_result(text).allowed,
    }
    print(json.dumps(said), flush=True)
