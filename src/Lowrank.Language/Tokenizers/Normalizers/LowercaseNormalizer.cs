using System.Text;

namespace Lowrank.Language;

/// <summary>Lower case, code point by code point, as Rust has it: a final sigma is like any other.</summary>
sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        // U+0130 is the one letter whose lower case has two code points.
        if (text.Text.Contains('\u0130', StringComparison.Ordinal)) text.Change(Changes(text.Text));
        else text.TakeUnitForUnit(text.Text.ToLowerInvariant());
    }

    static List<Change> Changes(string text)
    {
        var changes = new List<Change>(text.Length + 4);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value == 0x130)
            {
                changes.Add(new Change(new Rune('i'), 0));
                changes.Add(new Change(new Rune('\u0307'), 1));
            }
            else
                changes.Add(new Change(Rune.ToLowerInvariant(rune), 0));
        return changes;
    }
}
