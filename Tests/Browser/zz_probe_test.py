import sys; sys.path.insert(0,'/work/main/Tests/Browser')
from conftest import *
import pytest
def test_probe(customer):
    customer.open_chat()
    for q in ["My card was declined","How do I change my plan?","I forgot my password","How do I invite a colleague?","How do I connect Slack?","Where can I download my invoice?"]:
        n=customer.lines.count()
        customer.say(q)
        customer.page.wait_for_timeout(1500)
        print(q, '=>', customer.said_by("bot").last.inner_text()[:300].replace("\n"," | "), customer.said_by("bot").last.locator(".helpful").count())
