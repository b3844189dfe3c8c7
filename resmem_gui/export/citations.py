"""The publications that a method paragraph names."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Citation:
    """A publication.

    Attributes:
        text: As a list of references has it, without the address.
        doi: Its identifier.
        bibtex: The same for BibTeX.
    """

    text: str
    doi: str
    bibtex: str


CITATIONS: Final = (
    Citation(
        "Needell, C. D., & Bainbridge, W. A. (2022). Embracing new techniques in deep learning for "
        "estimating image memorability. Computational Brain & Behavior, 5, 168–184.",
        "10.1007/s42113-022-00126-5",
        """@article{needell2022embracing,
  title   = {Embracing New Techniques in Deep Learning for Estimating Image Memorability},
  author  = {Needell, Coen D. and Bainbridge, Wilma A.},
  journal = {Computational Brain \\& Behavior},
  volume  = {5},
  pages   = {168--184},
  year    = {2022},
  doi     = {10.1007/s42113-022-00126-5}
}""",
    ),
    Citation(
        "Khosla, A., Raju, A. S., Torralba, A., & Oliva, A. (2015). Understanding and predicting image "
        "memorability at a large scale. IEEE International Conference on Computer Vision (ICCV), 2390–2398.",
        "10.1109/ICCV.2015.275",
        """@inproceedings{khosla2015understanding,
  title     = {Understanding and Predicting Image Memorability at a Large Scale},
  author    = {Khosla, Aditya and Raju, Akhil S. and Torralba, Antonio and Oliva, Aude},
  booktitle = {IEEE International Conference on Computer Vision (ICCV)},
  pages     = {2390--2398},
  year      = {2015},
  doi       = {10.1109/ICCV.2015.275}
}""",
    ),
    Citation(
        "Goetschalckx, L., & Wagemans, J. (2019). MemCat: a new category-based image set quantified on "
        "memorability. PeerJ, 7, e8169.",
        "10.7717/peerj.8169",
        """@article{goetschalckx2019memcat,
  title   = {{MemCat}: a new category-based image set quantified on memorability},
  author  = {Goetschalckx, Lore and Wagemans, Johan},
  journal = {PeerJ},
  volume  = {7},
  pages   = {e8169},
  year    = {2019},
  doi     = {10.7717/peerj.8169}
}""",
    ),
)
