"""A reranker orders the best passages anew; the cross-encoder runs on a tiny untrained model."""

from collections.abc import Sequence

import numpy as np
import pytest

from index.rerankers import CrossEncoderReranker
from index.texts import context_text
from index.vectors import Scores
from ingest.errors import ModelError
from search.retrieve import retrieve
from tests.search.conftest import library_of, two_topics


class ByLength:
    """Longer is better."""

    def score(self, query: str, texts: Sequence[str]) -> Scores:
        return np.array([len(text) for text in texts], dtype=np.float32)


def test_the_rerankers_order_and_scores_are_what_comes():
    duties = ["drift", "drift of models", "drift of models in production"]
    library = library_of(two_topics("One", duties, ["Cost"]))
    hits = retrieve(library, "drift", 4, reranker=ByLength())
    lengths = [len(context_text(hit.passage)) for hit in hits]
    assert (len(lengths), lengths) == (4, sorted(lengths, reverse=True))
    assert [hit.scores["reranker"] for hit in hits] == [hit.score for hit in hits]
    assert retrieve(library, "drift", 1, reranker=ByLength()) == hits[:1]


def test_a_cross_encoder_scores_each_text_with_the_question(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from torch import manual_seed
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "drift", "cost"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", unk_token="[UNK]"
    ).save_pretrained(tmp_path)
    manual_seed(1)
    shape = {
        "initializer_range": 1.0,
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 8,
    }
    BertForSequenceClassification(BertConfig(vocab_size=7, num_labels=1, **shape)).save_pretrained(tmp_path)
    reranker = CrossEncoderReranker(str(tmp_path))
    texts = ["drift", "cost", "drift cost drift"]
    together = reranker.score("drift", texts)
    assert together == pytest.approx([reranker.score("drift", [text])[0] for text in texts], abs=1e-5)
    assert len(set(together.tolist())) == 3


def test_a_cross_encoder_that_is_not_there_is_named():
    with pytest.raises(ModelError, match=r"'no/such' cannot be loaded from disk .* folder of a CrossEncoder"):
        CrossEncoderReranker("no/such")
