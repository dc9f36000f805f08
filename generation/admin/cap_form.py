"""The form that raises a batch's caps. It shapes what is asked; ``generation.actions`` judges it."""

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget

from generation.actions.cap_rules import CapChange
from generation.models import Batch


class CapsForm(forms.Form):
    """Field names are those of BatchOrder and CapChange."""

    token_cap = forms.IntegerField(
        label="At most so many tokens",
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="It pauses there and says so. Empty: no cap.",
    )
    cost_cap = forms.DecimalField(
        label="At most so much money ($)",
        required=False,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text="In US dollars. Only models with prices are called then. Empty: no cap.",
    )

    @classmethod
    def of(cls, batch: Batch) -> "CapsForm":
        cost_cap = None if batch.cost_cap is None else f"{batch.cost_cap.normalize():f}"
        return cls(initial={"token_cap": batch.token_cap, "cost_cap": cost_cap})

    @property
    def change(self) -> CapChange:
        """What was sent; a cap whose field was not sent stays."""
        return CapChange(**{name: value for name, value in self.cleaned_data.items() if name in self.data})
