using System.Text;

namespace Lowrank.Language;

/// <summary>Splits where the script changes; Hiragana and Katakana count as Han, a space belongs to what stands before it.</summary>
sealed class ScriptsPreTokenizer : IPreTokenizer
{
    const string Any = "Any";

    /// <inheritdoc/>
    public void Split(PieceList pieces) => pieces.Split(Scripts);

    static void Scripts(string text, TextSpan piece, List<TextSpan> into)
    {
        string? last = null;
        int start = -1;
        for (int at = piece.Start; at < piece.End;)
        {
            string script = ScriptOf(CodePoints.At(text, at, out int length));
            if (script != Any && script != last)
            {
                if (start >= 0) into.Add(new TextSpan(start, at));
                (start, last) = (at, script);
            }
            at += length;
        }
        if (start >= 0) into.Add(new TextSpan(start, piece.End));
    }

    static string ScriptOf(Rune rune)
    {
        if (rune.Value == ' ') return Any;
        if (rune.Value == 0x30FC) return "Han";
        string script = UnicodeScripts.Of(rune);
        return script is "Hiragana" or "Katakana" ? "Han" : script;
    }
}
