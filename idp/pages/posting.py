"""The page that posts an answer to a service. OAuth 2.0 Form Post Response Mode sections 2 and 4.

A small script sends the form at once; whoever runs none presses its button. The form may go to
the proven address alone.
"""

from idp.pages.builder import Builder, Page
from oidc.authorize.redirect import Reply
from oidc.endpoints.message import Answer, Request

SCRIPT = "post.js"


def posting(builder: Builder, reply: Reply, request: Request) -> Answer:
    page = Page(
        template="posting.html",
        values={"action": reply.address, "values": [*reply.values.items()]},
        answers_to=(reply.uri,),
        stays=False,
        scripts=(SCRIPT,),
    )
    return builder.build(page, builder.sent(request))
