"""The blocks editors build prose with."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

RICH = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


class Section(blocks.StructBlock):
    """A titled text that opens and closes."""

    title = blocks.CharBlock(label=_("title"))
    text = blocks.RichTextBlock(features=RICH, label=_("text"))


class Quote(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("words"))
    source = blocks.CharBlock(required=False, label=_("who said them"))


class Video(blocks.StructBlock):
    """A link to a video: nothing of another site loads with the page."""

    title = blocks.CharBlock(label=_("title"))
    url = blocks.URLBlock(label=_("address"))


class Contact(blocks.StructBlock):
    """Whom to ask."""

    name = blocks.CharBlock(label=_("name or role"))
    email = blocks.EmailBlock(required=False, label=_("e-mail"))
    phone = blocks.CharBlock(required=False, label=_("telephone"))


class Practical(blocks.StructBlock):
    """Practical information: how to come, where to stay, what to bring."""

    title = blocks.CharBlock(label=_("title"))
    text = blocks.RichTextBlock(features=RICH, label=_("text"))


PROSE = [
    (
        "text",
        blocks.RichTextBlock(
            features=["h2", *RICH], label=_("text"), icon="pilcrow", template="components/prose/text.html"
        ),
    ),
    (
        "practical",
        Practical(label=_("practical information"), icon="info-circle", template="components/prose/practical.html"),
    ),
    ("quote", Quote(label=_("quote"), icon="openquote", template="components/prose/quote.html")),
    ("image", ImageBlock(label=_("image"), icon="image", template="components/prose/image.html")),
    (
        "documents",
        blocks.ListBlock(
            DocumentChooserBlock(label=_("document")),
            label=_("documents"),
            icon="doc-full",
            template="components/prose/documents.html",
        ),
    ),
    ("video", Video(label=_("video link"), icon="media", template="components/prose/video.html")),
    ("contact", Contact(label=_("contact"), icon="user", template="components/prose/contact.html")),
    (
        "accordion",
        blocks.ListBlock(Section(), label=_("accordion"), icon="list-ul", template="components/prose/accordion.html"),
    ),
]
