"""aws_iam_policy_document is rendered as the real provider renders it."""

import pytest

from standin.data.policy_document import read


def statement(**given):
    return {"actions": None, "resources": None, "principals": [], "condition": [], **given}


def test_spelling():
    document = read(
        None,
        {
            "statement": [
                statement(
                    sid="One",
                    actions=["s3:GetObject", "s3:PutObject"],
                    resources=["arn:aws:s3:::b/&{aws:username}/*"],
                    principals=[{"type": "AWS", "identifiers": ["arn:a", "arn:b"]}],
                    condition=[
                        {"test": "StringEquals", "variable": "z", "values": ["1"]},
                        {"test": "StringEquals", "variable": "a", "values": ["1", "2"]},
                        {"test": "Bool", "variable": "b", "values": ["false"]},
                    ],
                ),
                statement(effect="Deny", actions=["s3:*"], resources=["*"], principals=[{"type": "*", "identifiers": ["*"]}]),
            ]
        },
    )
    assert (
        document["json"]
        == """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject"
      ],
      "Resource": "arn:aws:s3:::b/${aws:username}/*",
      "Principal": {
        "AWS": [
          "arn:b",
          "arn:a"
        ]
      },
      "Condition": {
        "Bool": {
          "b": "false"
        },
        "StringEquals": {
          "a": [
            "1",
            "2"
          ],
          "z": "1"
        }
      }
    },
    {
      "Effect": "Deny",
      "Action": "s3:*",
      "Resource": "*",
      "Principal": "*"
    }
  ]
}"""
    )
    assert document["minified_json"].startswith('{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow",')


def test_go_escapes():
    text = read(None, {"statement": [statement(actions=["a:b"], resources=["<&>"])]})["json"]
    assert '"\\u003c\\u0026\\u003e"' in text


def test_sources_come_first():
    first = read(None, {"statement": [statement(sid="A", actions=["a:b"], resources=["*"])]})["json"]
    both = read(None, {"source_policy_documents": [first], "statement": [statement(sid="B", actions=["a:c"], resources=["*"])]})
    assert both["json"].index('"A"') < both["json"].index('"B"')


def test_a_sid_twice():
    with pytest.raises(NotImplementedError, match="duplicate Sid"):
        read(None, {"statement": [statement(sid="A", actions=["a:b"]), statement(sid="A", actions=["a:c"])]})


def test_what_is_not_rendered_is_refused():
    with pytest.raises(NotImplementedError, match="override_policy_documents"):
        read(None, {"override_policy_documents": ["{}"]})
