using System.Text;

namespace Lowrank.Language;

/// <summary>Splits as GPT-2 does and writes every piece in the <see cref="ByteAlphabet"/>.</summary>
/// <param name="addPrefixSpace">Whether a space goes in front of a piece that has none.</param>
/// <param name="splits">Whether GPT-2's pattern splits.</param>
sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool splits) : IPreTokenizer
{
    static readonly Gpt2Words words = new();

    /// <inheritdoc/>
    public void Split(PieceList pieces)
    {
        if (addPrefixSpace && pieces.Pieces.Exists(piece => pieces.Text.Text[piece.Start] != ' ')) pieces.Rewrite(WithSpace);
        if (splits) pieces.Split(words, SplitBehavior.Isolated);
        if (Ascii.IsValid(pieces.Text.Text)) pieces.Text.TakeUnitForUnit(WrittenAscii(pieces.Text.Text));
        else pieces.Rewrite(Write);
    }

    static void WithSpace(AlignedText text, TextSpan piece, AlignedBuilder made)
    {
        if (text.Text[piece.Start] != ' ') made.Append(' ', text.SourceOf(piece.Start));
        for (int i = piece.Start; i < piece.End; i++) made.Append(text.Text[i], text.SourceOf(i));
    }

    static string WrittenAscii(string text) => string.Create(text.Length, text, static (made, from) =>
    {
        for (int i = 0; i < from.Length; i++) made[i] = ByteAlphabet.LetterOf((byte)from[i]);
    });

    static void Write(AlignedText text, TextSpan piece, AlignedBuilder made)
    {
        Span<byte> bytes = stackalloc byte[4];
        string present = text.Text;
        for (int at = piece.Start; at < piece.End;)
        {
            var from = text.SourceOf(at);
            if (char.IsAscii(present[at]))
            {
                made.Append(ByteAlphabet.LetterOf((byte)present[at++]), from);
                continue;
            }
            var rune = CodePoints.At(present, at, out int length);
            int count = rune.EncodeToUtf8(bytes);
            for (int i = 0; i < count; i++) made.Append(ByteAlphabet.LetterOf(bytes[i]), from);
            at += length;
        }
    }
}
