using System.Text;

namespace Lowrank.Language;

/// <summary>Keeps the code points of a class: accents are stripped so.</summary>
sealed class FilterNormalizer(Func<Rune, bool> isWanted) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text) => text.Keep(isWanted);
}
