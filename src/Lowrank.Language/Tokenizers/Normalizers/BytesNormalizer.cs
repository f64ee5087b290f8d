using System.Text;

namespace Lowrank.Language;

/// <summary>Every byte as its character of the <see cref="ByteAlphabet"/>.</summary>
sealed class BytesNormalizer : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        var changes = new List<Change>(text.Text.Length * 2);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.Text.EnumerateRunes())
        {
            int count = rune.EncodeToUtf8(bytes);
            for (int i = 0; i < count; i++) changes.Add(new Change(new Rune(ByteAlphabet.LetterOf(bytes[i])), i == 0 ? 0 : 1));
        }
        text.Change(changes);
    }
}
