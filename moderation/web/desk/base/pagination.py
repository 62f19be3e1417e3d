"""Turn the pages of lists without counting their rows: there may be millions."""

from typing import Any

from unfold.paginator import InfinitePaginator


class UncountedPaginator(InfinitePaginator):
    """Reads one row more than a page shows, and so knows whether another page follows."""

    template_name = "desk/pages.html"
    has_more = False

    def page(self, number: Any) -> Any:
        """Return a page."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = list(self.object_list[first : first + self.per_page + 1])
        self.has_more = len(rows) > self.per_page
        return self._get_page(rows[: self.per_page], number, self)
