"""Searches the titles in the database, a page at a time: haystack's own simple backend takes all filters for words."""

from functools import reduce

from haystack.backends import BaseEngine, BaseSearchQuery, SearchNode
from haystack.backends.simple_backend import SimpleSearchBackend
from haystack.models import SearchResult


class Backend(SimpleSearchBackend):
    def search(self, query_string, start_offset=0, end_offset=None, **others):
        from oscar.core.loading import get_model

        words = query_string.split()
        products = get_model("catalogue", "Product").objects.browsable().base_queryset().order_by("id")
        found = reduce(lambda left, word: left.filter(title__icontains=word), words, products)
        results = [self.result(product) for product in found[start_offset:end_offset]]
        return {"results": results, "hits": found.count()}

    def result(self, product):
        made = SearchResult("catalogue", "product", product.pk, 0)
        made._object = product
        return made


class Query(BaseSearchQuery):
    def build_query(self):
        return " ".join(self.typed(self.query_filter))

    def typed(self, node):
        """What the customer typed, and none of the filters that the shop adds."""
        for child in node.children:
            if isinstance(child, SearchNode):
                yield from self.typed(child)
            elif child[0].startswith("content"):
                yield child[1].query_string


class Engine(BaseEngine):
    backend = Backend
    query = Query
