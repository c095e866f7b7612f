"""Forms as a browser would send them: every field with what stands in it."""

from typing import Any

from bs4 import BeautifulSoup


def filled(answer: Any, selector: str = "main form[method=post]") -> dict[str, Any]:
    """What the form of a page sends if nothing is changed; of several, the one with the most fields."""
    assert answer.status_code in (200, 422), answer
    page = BeautifulSoup(answer.content, "html.parser")
    forms = page.select(selector) or page.select("form")
    form = max(forms, key=lambda one: len(one.select("[name]")))
    sent: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = field["name"], field.get("type", "")
        if field.find_parent("template") or kind in ("submit", "button", "file", "image"):
            continue
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                sent.setdefault(name, []).append(field.get("value", "on"))
        elif field.name == "select":
            chosen = [option.get("value", option.text) for option in field.select("option[selected]")]
            sent[name] = chosen if field.has_attr("multiple") else (chosen or [""])[0]
        elif field.name == "textarea":
            sent[name] = field.text.removeprefix("\n")
        elif name in sent:  # several fields of one name are a list
            sent[name] = [*(sent[name] if isinstance(sent[name], list) else [sent[name]]), field.get("value", "")]
        else:
            sent[name] = field.get("value", "")
    return sent
