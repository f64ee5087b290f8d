using System.Text;

namespace Lowrank.Language;

/// <summary>Exchanges code points one for one.</summary>
sealed class MapNormalizer(Func<Rune, Rune> map) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        var changes = new List<Change>(text.Text.Length);
        bool changed = false;
        foreach (var rune in text.Text.EnumerateRunes())
        {
            var to = map(rune);
            changed |= to != rune;
            changes.Add(new Change(to, 0));
        }
        if (changed) text.Change(changes);
    }
}
